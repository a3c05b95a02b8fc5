// The versions of the partner agreement, and who accepted them.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/change.h"
#include "common/mysql/database.h"
#include "partner-service/src/domain/agreement.h"
#include "partner-service/src/store/rows.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AgreementStore {
 public:
  explicit AgreementStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The id of the agreement in force at `now`. Error: NOT_FOUND AGREEMENT_NOT_FOUND when none is yet.
  absl::StatusOr<std::string> Current(absl::Time deadline, absl::Time now) const;

  // Error: NOT_FOUND AGREEMENT_NOT_FOUND.
  absl::StatusOr<Agreement> Find(absl::Time deadline, absl::string_view agreement_id) const;

  // At most `limit` versions whose ids are greater than `after`, by id.
  absl::StatusOr<std::vector<Agreement>> List(absl::Time deadline, absl::string_view after, int64_t limit) const;

  // OK when the id is free. Error: ALREADY_EXISTS AGREEMENT_EXISTS.
  absl::Status CheckFree(absl::Time deadline, absl::string_view agreement_id) const;

  // Writes a new version. Errors: ALREADY_EXISTS AGREEMENT_EXISTS, those of mysql::Commit.
  absl::Status Insert(absl::Time deadline, const Agreement& agreement, const mysql::Change& change);

  // At most `limit` acceptances of the partner after `after`, oldest first. PartnerStore::Accept writes them.
  absl::StatusOr<std::vector<AgreementAcceptance>> ListAcceptances(absl::Time deadline, const Uuid& partner_id,
                                                                   const Position& after, int64_t limit) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_
