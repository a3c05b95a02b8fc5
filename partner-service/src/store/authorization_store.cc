#include "partner-service/src/store/authorization_store.h"

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectAuthorization =
    "SELECT authorization_id, product, start_time, end_time, version, create_time, update_time FROM authorizations "
    "WHERE partner_id = ? AND authorization_id = ?";

constexpr absl::string_view kSelectPage =
    "SELECT authorization_id, product, start_time, end_time, version, create_time, update_time FROM authorizations "
    "WHERE partner_id = ? AND (create_time > ? OR (create_time = ? AND authorization_id > ?))";
constexpr absl::string_view kOldestFirst = " ORDER BY create_time, authorization_id LIMIT ?";

constexpr absl::string_view kSelectProductsInForce =
    "SELECT DISTINCT product FROM authorizations WHERE partner_id = ? AND start_time <= ? "
    "AND (end_time IS NULL OR end_time > ?)";

constexpr absl::string_view kInsertAuthorization =
    "INSERT INTO authorizations (partner_id, authorization_id, product, start_time, end_time, version, create_time, "
    "update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kUpdateAuthorization =
    "UPDATE authorizations SET end_time = ?, version = ?, update_time = ? "
    "WHERE partner_id = ? AND authorization_id = ? AND version = ?";

Authorization AuthorizationOf(const Uuid& partner_id, const mysql::Row& row) {
  return {.partner_id = partner_id,
          .authorization_id = row.Id(0),
          .product = row.Bytes(1),
          .start_time = row.Time(2),
          .end_time = row.OptionalTime(3),
          .version = row.Int(4),
          .create_time = row.Time(5),
          .update_time = row.Time(6)};
}

}  // namespace

absl::StatusOr<Authorization> AuthorizationStore::Find(absl::Time deadline, const Uuid& partner_id,
                                                       const Uuid& authorization_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectAuthorization, {partner_id, authorization_id}));
  if (!row.has_value()) {
    return NotFound("AUTHORIZATION_NOT_FOUND", "The partner has no such authorization.",
                    {{"authorization", authorization_id.ToString()}});
  }
  return AuthorizationOf(partner_id, *row);
}

absl::StatusOr<mysql::Page<Authorization>> AuthorizationStore::List(absl::Time deadline, const Uuid& partner_id,
                                                                    const mysql::PageQuery& query) const {
  const auto after = mysql::TimePosition::FromText(query.after);
  return mysql::ReadPage<Authorization>(
      database_, deadline,
      mysql::StatementOf(kSelectPage, {partner_id, after.time, after.time, after.id}, query, kOldestFirst),
      [&](const mysql::Row& row) { return AuthorizationOf(partner_id, row); },
      [](const Authorization& authorization) {
        return mysql::TimePosition{authorization.create_time, authorization.authorization_id}.ToText();
      });
}

absl::StatusOr<std::set<std::string>> AuthorizationStore::ProductsInForce(absl::Time deadline, const Uuid& partner_id,
                                                                          absl::Time now) const {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, kSelectProductsInForce, {partner_id, now, now}));
  std::set<std::string> products;
  for (const mysql::Row& row : rows) products.insert(row.Bytes(0));
  return products;
}

absl::Status AuthorizationStore::Insert(absl::Time deadline, const Authorization& authorization,
                                        const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    const absl::Status inserted =
        connection
            .Execute(kInsertAuthorization,
                     {authorization.partner_id, authorization.authorization_id, authorization.product,
                      authorization.start_time, authorization.end_time, authorization.version,
                      authorization.create_time, authorization.update_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
  });
}

absl::Status AuthorizationStore::Update(absl::Time deadline, const Authorization& authorization,
                                        const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    return connection.ExecuteGuarded(
        kUpdateAuthorization, {authorization.end_time, authorization.version, authorization.update_time,
                               authorization.partner_id, authorization.authorization_id, authorization.version - 1});
  });
}

}  // namespace countersign::partner
