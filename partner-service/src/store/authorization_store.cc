#include "partner-service/src/store/authorization_store.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr mysql::Table kAuthorizations = {.name = "authorizations",
                                          .key = "partner_id, authorization_id",
                                          .fixed = "product, start_time, create_time",
                                          .changing = "end_time, version, update_time"};

Authorization AuthorizationOf(mysql::RowReader& row) {
  return {.partner_id = row.Id(),
          .authorization_id = row.Id(),
          .product = row.Text(),
          .start_time = row.Time(),
          .create_time = row.Time(),
          .end_time = row.OptionalTime(),
          .version = row.Int(),
          .update_time = row.Time()};
}

}  // namespace

std::vector<mysql::FilterField> AuthorizationFilterFields() {
  using enum mysql::FilterType;
  return {{"product", "product", kSlug, {"offers/"}},
          {"start_time", "start_time", kTime},
          {"end_time", "COALESCE(end_time, TIMESTAMP'9999-12-31 23:59:59')", kTime},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<Authorization> AuthorizationStore::Get(absl::Time deadline, const Uuid& partner_id,
                                                      const Uuid& authorization_id) const {
  ASSIGN_OR_RETURN(std::optional<Authorization> found,
                   mysql::FindOne<Authorization>(database_, deadline, kAuthorizations, {partner_id, authorization_id},
                                                 AuthorizationOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("AUTHORIZATION_NOT_FOUND", "The partner has no such authorization.",
                  {{"authorization", authorization_id.ToString()}});
}

absl::StatusOr<mysql::Page<Authorization>> AuthorizationStore::List(absl::Time deadline, const Uuid& partner_id,
                                                                    const mysql::PageQuery& query) const {
  return mysql::ListByTime<Authorization>(
      database_, deadline, {.table = kAuthorizations, .parent = "partner_id = ?", .id = "authorization_id"},
      {partner_id}, query, AuthorizationOf, [](const Authorization& authorization) {
        return mysql::TimePosition{authorization.create_time, authorization.authorization_id};
      });
}

mysql::RowWrite AuthorizationStore::Row(const Authorization& authorization) {
  return mysql::Put(kAuthorizations, {authorization.partner_id, authorization.authorization_id, authorization.product,
                                      authorization.start_time, authorization.create_time, authorization.end_time,
                                      authorization.version, authorization.update_time});
}

}  // namespace countersign::partner
