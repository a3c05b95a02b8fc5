// The revisions of an order: those that were replaced, and the current one.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"
#include "order-service/src/store/order_row.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

// Both tables have the columns of a revision. A draft that no customer saw is the order's current revision as well.
const std::string& SelectRevisions() {
  static const std::string* const sql = [] {
    const std::string columns = ColumnsOf(kOrderRevisions);
    return new std::string(
        absl::StrCat("SELECT ", columns, " FROM (SELECT ", columns,
                     " FROM order_revisions WHERE partner_id = ? AND order_id = ? UNION ALL SELECT ", columns,
                     " FROM orders WHERE partner_id = ? AND order_id = ?) revisions WHERE revision > ?"));
  }();
  return *sql;
}

std::vector<mysql::Parameter> StartAfter(const OrderName& name, int64_t revision) {
  return {name.partner, name.id, name.partner, name.id, revision};
}

}  // namespace

std::vector<mysql::FilterField> OrderRevisionFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kOrderStates)},
          {"submit_time", "submit_time", kTime},
          {"expire_time", "expire_time", kTime}};
}

absl::StatusOr<mysql::Page<OrderRevision>> OrderStore::ListRevisions(absl::Time deadline, const OrderName& name,
                                                                     const mysql::PageQuery& query) const {
  int64_t after = 0;
  if (!absl::SimpleAtoi(query.after, &after)) after = 0;
  const auto statement =
      mysql::StatementOf(SelectRevisions(), StartAfter(name, after), query, " ORDER BY revision LIMIT ?");
  return mysql::ListPage<OrderRevision>(database_, deadline, statement, RevisionOf,
                                        [](const OrderRevision& revision) { return absl::StrCat(revision.revision); });
}

absl::StatusOr<OrderRevision> OrderStore::GetRevision(absl::Time deadline, const OrderName& name,
                                                      int64_t revision) const {
  RETURN_IF_ERROR(Get(deadline, name).status());
  ASSIGN_OR_RETURN(
      std::vector<OrderRevision> found,
      mysql::ListBy<OrderRevision>(database_, deadline, absl::StrCat(SelectRevisions(), " ORDER BY revision LIMIT 1"),
                                   StartAfter(name, revision - 1), RevisionOf));
  if (!found.empty() && found.front().revision == revision) return std::move(found.front());
  return NotFound("REVISION_NOT_FOUND", "The order has no such revision. ListOrderRevisions lists those that it has.",
                  {{"order", name.id.ToString()}, {"revision", absl::StrCat(revision)}});
}

}  // namespace countersign::order
