#include "billing-service/src/api/payment_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

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
