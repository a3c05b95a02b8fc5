#include "partner-service/src/store/authorization_store.h"

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectProductsInForce =
    "SELECT DISTINCT product FROM authorizations WHERE partner_id = ? AND start_time <= ? "
    "AND (end_time IS NULL OR end_time > ?)";

constexpr absl::string_view kInsertAuthorization =
    "INSERT INTO authorizations (partner_id, authorization_id, product, start_time, end_time, version, create_time, "
    "update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

}  // namespace

absl::StatusOr<std::set<std::string>> AuthorizationStore::ProductsInForce(absl::Time deadline, const Uuid& partner_id,
                                                                          absl::Time now) const {
  std::set<std::string> products;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Connection& connection) -> absl::Status {
    products.clear();
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                     connection.Query(kSelectProductsInForce, {partner_id, now, now}));
    for (const mysql::Row& row : rows) products.insert(row.Bytes(0));
    return absl::OkStatus();
  }));
  return products;
}

absl::Status AuthorizationStore::Insert(absl::Time deadline, const Authorization& authorization,
                                        const mysql::Change& change) {
  return mysql::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
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

}  // namespace countersign::partner
