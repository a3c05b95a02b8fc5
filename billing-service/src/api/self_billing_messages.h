// Self-billing agreements as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_MESSAGES_H_

#include "billing-service/src/domain/self_billing.h"
#include "countersign/billing/v1/self_billing_agreement.pb.h"

namespace countersign::billing {

v1::SelfBillingAgreement ToProto(const SelfBillingAgreement& version);

// The payload of SELF_BILLING_AGREEMENT_CREATED.
v1::SelfBillingAgreementEvent EventOf(const SelfBillingAgreement& version);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_MESSAGES_H_
