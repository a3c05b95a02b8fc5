// The domain's values as messages of countersign.billing.v1.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/activation.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/payment.h"
#include "billing-service/src/domain/subscription.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_event.pb.h"
#include "countersign/billing/v1/billing_service.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/payment.pb.h"
#include "countersign/billing/v1/subscription.pb.h"

namespace countersign::billing {

v1::BillingAccount ToProto(const BillingAccount& account);
v1::Subscription ToProto(const Subscription& subscription);
v1::Invoice ToProto(const Invoice& invoice);
v1::BankReceipt ToProto(const BankReceipt& receipt);
v1::Fee ToProto(const FeeEntry& fee);
v1::ActivateOrderResponse ToProto(const Activation& activation);

// Payloads of events.
v1::BillingEvent EventOf(const BillingAccount& account);
v1::BillingEvent EventOf(const Subscription& subscription);
v1::BillingEvent EventOf(const Invoice& invoice);
v1::BillingEvent EventOf(const BankReceipt& receipt);
v1::BillingEvent EventOf(const Payment& payment);
v1::BillingEvent EventOf(const FeeEntry& fee);

// "25 × 15.00 USD × 1 month = 375.00 USD"; with "× 20/30 days" where the line is prorated.
std::string Explain(const InvoiceLine& line);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_MESSAGES_H_
