// Billing accounts as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_MESSAGES_H_

#include "billing-service/src/domain/billing_account.h"
#include "countersign/billing/v1/billing_account.pb.h"

namespace countersign::billing {

v1::PurchaseOrderRules ToProto(const PurchaseOrderRules& rules);
v1::BillingAccount ToProto(const BillingAccount& account);

// The payload of the event that made this version, without the order or payment that it is about.
v1::BillingAccountEvent EventOf(const BillingAccount& account);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_MESSAGES_H_
