// Partners, and the reservation of their numbers.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PARTNER_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PARTNER_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "partner-service/src/domain/partner.h"

namespace countersign::partner {

inline constexpr mysql::Table kPartners = {
    .name = "partners",
    .key = "partner_id",
    .fixed = "partner_number, create_time",
    .changing =
        "display_name, contact_email, state, state_reason, accepted_agreement, agreement_accepted_by, "
        "agreement_accept_time, version, update_time"};
Partner PartnerOf(mysql::RowReader& row);

std::vector<mysql::FilterField> PartnerFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PartnerStore {
 public:
  explicit PartnerStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND PARTNER_NOT_FOUND.
  absl::StatusOr<Partner> Get(absl::Time deadline, const Uuid& partner_id) const;

  // By its number in the vendor's programme. Error: NOT_FOUND PARTNER_NOT_FOUND.
  absl::StatusOr<Partner> GetByNumber(absl::Time deadline, absl::string_view number) const;

  // All partners, oldest first. The only read across tenants: the list is the operators'.
  absl::StatusOr<mysql::Page<Partner>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // OK when `number` is free or belongs to the partner. Error: ALREADY_EXISTS PARTNER_NUMBER_TAKEN.
  absl::Status CheckNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id) const;

  // Takes `number` for the partner for ever, in a transaction of its own; the same partner may take it again. Error:
  // ALREADY_EXISTS PARTNER_NUMBER_TAKEN.
  absl::Status ReserveNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id,
                             absl::Time now) const;

  // This version of the partner, for a change with its event.
  static mysql::RowWrite Row(const Partner& partner);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_PARTNER_STORE_H_
