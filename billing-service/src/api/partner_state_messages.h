// The copies of partners' states as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_MESSAGES_H_

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/partner_state.h"
#include "common/events/change.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// PARTNER_STATE_APPLIED: what the copy is from its new version on.
events::Event PartnerStateEventOf(const rpc::Call& call, const PartnerState& state, absl::string_view reason);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_MESSAGES_H_
