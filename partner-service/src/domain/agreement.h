// The versions of the partner agreement, and their acceptance.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_AGREEMENT_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_AGREEMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::partner {

// A version; never changed once written. The one in force took effect last (of two at the same time, the greater id).
struct Agreement {
  std::string agreement_id;  // "2010-01"
  std::string title;
  absl::Time effective_time;
  std::string document_sha256;  // 32 bytes; empty only for the version that came with the software.
  std::string document_uri;     // May be empty.
  absl::Time create_time;
};

// Agreements belong to no partner: in the event log they have one tenant of their own.
Uuid AgreementTenant();
// An agreement's aggregate there.
Uuid AgreementAggregate(absl::string_view agreement_id);

// NOT_FOUND AGREEMENT_NOT_FOUND: none has taken effect.
absl::Status NoAgreementInForce();

// OK when a new version takes effect now or later. Error: INVALID_ARGUMENT naming the field.
absl::Status CheckNewAgreement(const Agreement& agreement, absl::Time now);

// A partner's acceptance of a version; never changed.
struct AgreementAcceptance {
  Uuid partner_id;
  Uuid acceptance_id;
  std::string agreement_id;
  std::string accepted_by;  // The person, as given.
  std::string recorded_by;  // The caller; empty for acceptances older than this column.
  absl::Time accept_time;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_AGREEMENT_H_
