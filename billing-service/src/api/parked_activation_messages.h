// Parked activations as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/parked_activation.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/parked_activation.pb.h"

namespace countersign::billing {

// "billingAccounts/{account}/parkedActivations/{parked_activation}"
std::string NameOf(const ParkedActivation& parked);

v1::ParkedActivation ToProto(const ParkedActivation& parked);

// The payload of the event that made this version, without the subscriptions that it activated.
v1::ParkedActivationEvent EventOf(const ParkedActivation& parked);

// That event; `reason` is for the record.
events::Event ParkedActivationChanged(const rpc::Call& call, const ParkedActivation& parked, absl::string_view type,
                                      absl::string_view reason = "");

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_MESSAGES_H_
