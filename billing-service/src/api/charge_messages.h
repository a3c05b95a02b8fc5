// Charges as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_MESSAGES_H_

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/charge.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/charge.pb.h"

namespace countersign::billing {

v1::Charge ToProto(const Charge& charge);

// The event that made this version: "CHARGE_DECLINED", and its payload.
absl::string_view EventTypeOf(const Charge& charge);
v1::ChargeEvent EventOf(const Charge& charge);

// The account's own event beside that of a new charge, and what it is about.
inline constexpr char kChargeRequestedOfAccount[] = "INVOICE_CHARGE_REQUESTED";
v1::BillingAccountEvent AboutCharge(const Charge& charge);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_MESSAGES_H_
