// Stores the partners' authorizations.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AUTHORIZATION_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AUTHORIZATION_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "partner-service/src/domain/authorization.h"

namespace countersign::partner {

// An unset end_time is later than any time.
std::vector<mysql::FilterField> AuthorizationFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AuthorizationStore {
 public:
  explicit AuthorizationStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND AUTHORIZATION_NOT_FOUND, also when it is another partner's.
  absl::StatusOr<Authorization> Get(absl::Time deadline, const Uuid& partner_id, const Uuid& authorization_id) const;

  // The partner's authorizations, oldest first.
  absl::StatusOr<mysql::Page<Authorization>> List(absl::Time deadline, const Uuid& partner_id,
                                                  const mysql::PageQuery& query) const;

  // This version of the authorization, for a change with its event.
  static mysql::RowWrite Row(const Authorization& authorization);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AUTHORIZATION_STORE_H_
