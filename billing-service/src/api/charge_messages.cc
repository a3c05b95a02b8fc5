#include "billing-service/src/api/charge_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::Charge ToProto(const Charge& charge) {
  v1::Charge message;
  message.set_name(rpc::FormatName(kChargeName, {charge.account, charge.id}));
  message.set_invoice(rpc::FormatName(kInvoiceName, {charge.account, charge.invoice}));
  message.set_attempt(static_cast<int32_t>(charge.attempt));
  message.set_state(rpc::EnumNamed<v1::Charge::State>("STATE_", NameOf(charge.state)));
  *message.mutable_amount() = rpc::ToProto(charge.amount);
  message.set_decline_reason(charge.decline_reason);
  message.set_processor_reference(charge.processor_reference);
  if (charge.payment.has_value()) {
    message.set_payment(rpc::FormatName(kPaymentName, {charge.account, *charge.payment}));
  }
  if (charge.state == ChargeState::kDeclined && charge.next_date != kNoNextAttempt) {
    *message.mutable_next_attempt_date() = rpc::ToProto(charge.next_date);
  }
  message.set_etag(rpc::EtagOf(charge.version));
  *message.mutable_create_time() = rpc::ToProto(charge.create_time);
  *message.mutable_update_time() = rpc::ToProto(charge.update_time);
  return message;
}

absl::string_view EventTypeOf(const Charge& charge) {
  switch (charge.state) {
    case ChargeState::kRequested:
      return "CHARGE_REQUESTED";
    case ChargeState::kSucceeded:
      return "CHARGE_SUCCEEDED";
    case ChargeState::kDeclined:
      return "CHARGE_DECLINED";
    case ChargeState::kUnknown:
      return "CHARGE_UNKNOWN";
    case ChargeState::kCancelled:
      return "CHARGE_CANCELLED";
    case ChargeState::kChargedBack:
      return "CHARGE_CHARGED_BACK";
  }
  return "";
}

v1::ChargeEvent EventOf(const Charge& charge) {
  v1::ChargeEvent event;
  event.set_charge(rpc::FormatName(kChargeName, {charge.account, charge.id}));
  event.set_state(rpc::EnumNamed<v1::Charge::State>("STATE_", NameOf(charge.state)));
  event.set_version(charge.version);
  event.set_invoice(rpc::FormatName(kInvoiceName, {charge.account, charge.invoice}));
  if (charge.payment.has_value()) event.set_payment(rpc::FormatName(kPaymentName, {charge.account, *charge.payment}));
  return event;
}

v1::BillingAccountEvent AboutCharge(const Charge& charge) {
  v1::BillingAccountEvent about;
  about.set_charge(rpc::FormatName(kChargeName, {charge.account, charge.id}));
  return about;
}

}  // namespace countersign::billing
