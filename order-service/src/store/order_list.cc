// Orders by the page: one partner's, or everybody's.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"
#include "order-service/src/domain/order_number.h"
#include "order-service/src/store/order_row.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

// The position of an order in everybody's list: "17/CS-7K3M-Q9XT-2PBD", by bucket, then by order number.
std::string PositionOf(const Order& order) {
  return absl::StrCat(events::BucketOf(order.name.partner), "/", OrderNumber(order.name.id));
}

}  // namespace

std::vector<mysql::FilterField> OrderFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kOrderStates)},
          {"kind", "kind", kEnum, NamesIn(kOrderKinds)},
          {"order_number", "order_number", kAscii},
          {"customer", "customer_id", kName, {"partners/{partner}/customers/{customer}"}},
          {"partner_reference", "partner_reference"},
          {"create_time", "create_time", kTime},
          {"update_time", "update_time", kTime}};
}

absl::StatusOr<mysql::Page<Order>> OrderStore::List(absl::Time deadline, const std::optional<Uuid>& partner,
                                                    const mysql::PageQuery& query) const {
  if (!partner.has_value()) return ListAll(deadline, query);
  return mysql::ListPage<Order>(
      database_, deadline,
      mysql::StatementOf(SelectFrom(kOrders, "WHERE partner_id = ? AND order_id > ?"),
                         {*partner, mysql::IdPosition(query.after)}, query, " ORDER BY order_id LIMIT ?"),
      OrderOf, [](const Order& order) { return order.name.id.ToString(); });
}

// A bucket's rows are on one shard (docs/adr/0002), so each bucket has a statement of its own.
absl::StatusOr<mysql::Page<Order>> OrderStore::ListAll(absl::Time deadline, const mysql::PageQuery& query) const {
  const std::pair<std::string, std::string> after = absl::StrSplit(query.after, absl::MaxSplits('/', 1));
  const std::string select = SelectFrom(kOrders, "WHERE bucket = ? AND order_number > ?");
  int bucket = 0;
  std::string number = absl::SimpleAtoi(after.first, &bucket) ? after.second : "";
  std::vector<Order> orders;
  for (; bucket < events::kBuckets && orders.size() <= static_cast<size_t>(query.size); ++bucket, number.clear()) {
    mysql::PageQuery rest = query;
    rest.size = std::max(1, query.size - static_cast<int>(orders.size()));  // PageOf cuts off what is too much.
    const auto statement = mysql::StatementOf(select, {bucket, number}, rest, " ORDER BY order_number LIMIT ?");
    ASSIGN_OR_RETURN(std::vector<Order> found,
                     mysql::ListBy<Order>(database_, deadline, statement.sql, statement.parameters, OrderOf));
    std::move(found.begin(), found.end(), std::back_inserter(orders));
  }
  return mysql::PageOf<Order>(std::move(orders), query.size, PositionOf);
}

}  // namespace countersign::order
