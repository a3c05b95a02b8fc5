// Partners, the reservation of their numbers, and their acceptance of agreements.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PARTNER_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PARTNER_STORE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "partner-service/src/domain/agreement.h"
#include "partner-service/src/domain/partner.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PartnerStore {
 public:
  explicit PartnerStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND PARTNER_NOT_FOUND.
  absl::StatusOr<Partner> Find(absl::Time deadline, const Uuid& partner_id) const;

  // By its number in the vendor's programme. Error: NOT_FOUND PARTNER_NOT_FOUND.
  absl::StatusOr<Partner> FindByNumber(absl::Time deadline, absl::string_view number) const;

  // All partners, oldest first. A condition is on columns of partners. The only read that goes across tenants: a list
  // is the operators'.
  absl::StatusOr<mysql::Page<Partner>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // OK when `number` is free or belongs to the partner. Error: ALREADY_EXISTS PARTNER_NUMBER_TAKEN.
  absl::Status CheckNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id) const;

  // Takes `number` for the partner for ever, in a transaction of its own; the same partner may take it again. Error:
  // ALREADY_EXISTS PARTNER_NUMBER_TAKEN.
  absl::Status ReserveNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id, absl::Time now);

  // Writes a new partner. Errors: LostRace() when its id is there already, those of events::Commit.
  absl::Status Insert(absl::Time deadline, const Partner& partner, const events::Change& change);

  // Writes the next version of a partner. Errors: LostRace() when the row is not at the version before, those of
  // events::Commit.
  absl::Status Update(absl::Time deadline, const Partner& partner, const events::Change& change);

  // Update, and the acceptance that made this version, in the same transaction.
  absl::Status Accept(absl::Time deadline, const Partner& partner, const AgreementAcceptance& acceptance,
                      const events::Change& change);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PARTNER_STORE_H_
