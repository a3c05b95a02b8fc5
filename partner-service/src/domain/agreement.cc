#include "partner-service/src/domain/agreement.h"

#include "common/base/error.h"

namespace countersign::partner {

Uuid AgreementTenant() { return Uuid::Derived({"agreements"}); }

Uuid AgreementAggregate(absl::string_view agreement_id) { return Uuid::Derived({"agreements", agreement_id}); }

absl::Status NoAgreementInForce() { return NotFound("AGREEMENT_NOT_FOUND", "No partner agreement is in force."); }

absl::Status CheckNewAgreement(const Agreement& agreement, absl::Time now) {
  if (agreement.effective_time >= now) return absl::OkStatus();
  return InvalidField("agreement.effective_time", "must not be in the past");
}

}  // namespace countersign::partner
