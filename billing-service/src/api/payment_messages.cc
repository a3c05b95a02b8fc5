#include "billing-service/src/api/payment_messages.h"

#include "absl/status/statusor.h"
#include "billing-service/src/domain/names.h"
#include "common/base/money.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::Payment ToProto(const Payment& payment) {
  v1::Payment message;
  message.set_name(rpc::FormatName(kPaymentName, {payment.account, payment.id}));
  message.set_state(rpc::EnumNamed<v1::Payment::State>("STATE_", NameOf(payment.state)));
  if (payment.receipt.has_value()) message.set_bank_receipt(rpc::FormatName(kReceiptName, {*payment.receipt}));
  if (payment.charge.has_value()) message.set_charge(rpc::FormatName(kChargeName, {payment.account, *payment.charge}));
  *message.mutable_amount() = rpc::ToProto(payment.amount);
  for (const AllocatedPart& part : payment.allocation.parts) {
    v1::Payment::Allocation& allocation = *message.add_allocations();
    allocation.set_invoice(rpc::FormatName(kInvoiceName, {payment.account, part.invoice}));
    *allocation.mutable_amount() = rpc::ToProto(part.amount);
    const absl::StatusOr<Money> bank_charge = Money::FromMicros(part.bank_charge, payment.amount.currency());
    if (part.bank_charge != 0 && bank_charge.ok()) *allocation.mutable_bank_charge() = rpc::ToProto(*bank_charge);
  }
  *message.mutable_credit() = rpc::ToProto(payment.allocation.credit);
  *message.mutable_value_date() = rpc::ToProto(payment.value_date);
  *message.mutable_create_time() = rpc::ToProto(payment.create_time);
  return message;
}

v1::PaymentEvent EventOf(const Payment& payment) {
  v1::PaymentEvent event;
  event.set_payment(rpc::FormatName(kPaymentName, {payment.account, payment.id}));
  event.set_state(rpc::EnumNamed<v1::Payment::State>("STATE_", NameOf(payment.state)));
  event.set_version(payment.version);
  if (payment.receipt.has_value()) event.set_bank_receipt(rpc::FormatName(kReceiptName, {*payment.receipt}));
  if (payment.charge.has_value()) event.set_charge(rpc::FormatName(kChargeName, {payment.account, *payment.charge}));
  for (const AllocatedPart& part : payment.allocation.parts) {
    event.add_invoices(rpc::FormatName(kInvoiceName, {payment.account, part.invoice}));
  }
  return event;
}

}  // namespace countersign::billing
