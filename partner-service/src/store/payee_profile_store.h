// Where the partners' fees go.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PAYEE_PROFILE_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PAYEE_PROFILE_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "partner-service/src/domain/payee_profile.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PayeeProfileStore {
 public:
  explicit PayeeProfileStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // An empty profile of version 0 when the partner never set it. Does not ask whether there is such a partner.
  absl::StatusOr<PayeeProfile> Find(absl::Time deadline, const Uuid& partner_id) const;

  // Writes the next version. Errors: LostRace() when the row is not at the version before, those of events::Commit.
  absl::Status Write(absl::Time deadline, const PayeeProfile& profile, const events::Change& change);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PAYEE_PROFILE_STORE_H_
