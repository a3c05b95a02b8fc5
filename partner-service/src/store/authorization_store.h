// What the partners may sell, and when.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AUTHORIZATION_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AUTHORIZATION_STORE_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "partner-service/src/domain/authorization.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AuthorizationStore {
 public:
  explicit AuthorizationStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND AUTHORIZATION_NOT_FOUND, also when it is another partner's.
  absl::StatusOr<Authorization> Find(absl::Time deadline, const Uuid& partner_id, const Uuid& authorization_id) const;

  // The partner's authorizations, oldest first. A condition is on columns of authorizations.
  absl::StatusOr<mysql::Page<Authorization>> List(absl::Time deadline, const Uuid& partner_id,
                                                  const mysql::PageQuery& query) const;

  // The products that the partner may sell at `now`: ids of offers, kAllOffers among them.
  absl::StatusOr<std::set<std::string>> ProductsInForce(absl::Time deadline, const Uuid& partner_id,
                                                        absl::Time now) const;

  // Writes a new authorization. Errors: LostRace() when its id is there already, those of events::Commit.
  absl::Status Insert(absl::Time deadline, const Authorization& authorization, const events::Change& change);

  // Writes the next version: another end. Errors: LostRace() when the row is not at the version before, those of
  // events::Commit.
  absl::Status Update(absl::Time deadline, const Authorization& authorization, const events::Change& change);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AUTHORIZATION_STORE_H_
