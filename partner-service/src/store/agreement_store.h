// The versions of the partner agreement, and who accepted them.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "partner-service/src/domain/agreement.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AgreementStore {
 public:
  explicit AgreementStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The id of the agreement in force at `now`. Error: NOT_FOUND AGREEMENT_NOT_FOUND when none is yet.
  absl::StatusOr<std::string> Current(absl::Time deadline, absl::Time now) const;

  // Error: NOT_FOUND AGREEMENT_NOT_FOUND.
  absl::StatusOr<Agreement> Find(absl::Time deadline, absl::string_view agreement_id) const;

  // All versions, by id. A condition is on columns of agreements.
  absl::StatusOr<mysql::Page<Agreement>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // OK when the id is free. Error: ALREADY_EXISTS AGREEMENT_EXISTS.
  absl::Status CheckFree(absl::Time deadline, absl::string_view agreement_id) const;

  // Writes a new version. Errors: ALREADY_EXISTS AGREEMENT_EXISTS, those of events::Commit.
  absl::Status Insert(absl::Time deadline, const Agreement& agreement, const events::Change& change);

  // The partner's acceptances, oldest first. A condition is on columns of agreement_acceptances. PartnerStore::Accept
  // writes them.
  absl::StatusOr<mysql::Page<AgreementAcceptance>> ListAcceptances(absl::Time deadline, const Uuid& partner_id,
                                                                   const mysql::PageQuery& query) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_
