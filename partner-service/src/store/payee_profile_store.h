// Stores the partners' payee profiles.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PAYEE_PROFILE_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PAYEE_PROFILE_STORE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"
#include "partner-service/src/domain/payee_profile.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PayeeProfileStore {
 public:
  explicit PayeeProfileStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // An empty profile of version 0 before the partner first sets it. Does not check that the partner exists.
  absl::StatusOr<PayeeProfile> Get(absl::Time deadline, const Uuid& partner_id) const;

  // This version of the profile, for a change with its event.
  static mysql::RowWrite Row(const PayeeProfile& profile);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PAYEE_PROFILE_STORE_H_
