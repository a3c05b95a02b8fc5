// The vendor's companies that sell, by currency and day, and where their invoices are paid.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEGAL_ENTITY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEGAL_ENTITY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/postal_address.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// One version, in force from its day until the currency's next.
struct LegalEntity {
  Uuid id;
  std::string currency;
  Date effective_date;
  std::string legal_name;
  PostalAddress address;
  std::string tax_id;  // May be empty.
  std::string bank_name;
  std::string bank_account;
  std::string bank_code;  // May be empty.
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

// The id of the currency's version of that day.
Uuid LegalEntityId(absl::string_view currency, Date effective_date);

// OK for a version that may be added to `versions`, those of its currency so far. Errors: ALREADY_EXISTS
// LEGAL_ENTITY_EXISTS; FAILED_PRECONDITION LEGAL_ENTITY_IN_THE_PAST when there are versions and the new one is not in
// force tomorrow at the earliest: so the seller of an invoice that is open never changes.
absl::Status CheckNewLegalEntity(const LegalEntity& entity, const std::vector<LegalEntity>& versions, Date today);

// The version in force on `date`, of `versions` in the order of their days; the first for an earlier day. Null when
// there is none. Valid as long as `versions`.
const LegalEntity* LegalEntityOn(const std::vector<LegalEntity>& versions, Date date);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEGAL_ENTITY_H_
