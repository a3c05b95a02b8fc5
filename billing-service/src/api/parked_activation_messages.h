// Parked activations as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_MESSAGES_H_

#include <string>

#include "billing-service/src/domain/parked_activation.h"
#include "countersign/billing/v1/parked_activation.pb.h"

namespace countersign::billing {

// "billingAccounts/{account}/parkedActivations/{parked_activation}"
std::string NameOf(const ParkedActivation& parked);

v1::ParkedActivation ToProto(const ParkedActivation& parked);

// The payload of the event that made this version, without the subscriptions that it activated.
v1::ParkedActivationEvent EventOf(const ParkedActivation& parked);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_MESSAGES_H_
