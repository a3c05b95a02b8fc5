// The versions of the partner agreement, and their acceptances.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "partner-service/src/domain/agreement.h"

namespace countersign::partner {

// The id of the agreement in force at the time that it binds.
// An agreement that takes effect when it is created does so on every replica, even one whose clock is behind.
inline constexpr absl::string_view kSelectCurrentAgreement =
    "SELECT agreement_id FROM agreements WHERE effective_time <= ? OR effective_time = create_time "
    "ORDER BY effective_time DESC, agreement_id DESC LIMIT 1";

std::vector<mysql::FilterField> AgreementFilterFields();
std::vector<mysql::FilterField> AgreementAcceptanceFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AgreementStore {
 public:
  explicit AgreementStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The id of the agreement in force at `now`. Error: NOT_FOUND AGREEMENT_NOT_FOUND when there is none yet.
  absl::StatusOr<std::string> GetCurrent(absl::Time deadline, absl::Time now) const;

  // Error: NOT_FOUND AGREEMENT_NOT_FOUND.
  absl::StatusOr<Agreement> Get(absl::Time deadline, absl::string_view agreement_id) const;

  // All versions, by id.
  absl::StatusOr<mysql::Page<Agreement>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // OK when the id is free. Error: ALREADY_EXISTS AGREEMENT_EXISTS.
  absl::Status CheckFree(absl::Time deadline, absl::string_view agreement_id) const;

  // The partner's acceptances, oldest first.
  absl::StatusOr<mysql::Page<AgreementAcceptance>> ListAcceptances(absl::Time deadline, const Uuid& partner_id,
                                                                   const mysql::PageQuery& query) const;

  // A new version, for a change with its event; refused with AGREEMENT_EXISTS when it exists.
  static mysql::RowWrite Row(const Agreement& agreement);

  // A new acceptance, for a change with the event of its partner.
  static mysql::RowWrite Row(const AgreementAcceptance& acceptance);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_AGREEMENT_STORE_H_
