#include "billing-service/src/api/activation_messages.h"

#include <cstdint>

#include "billing-service/src/api/invoice_messages.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/parked_activation.h"
#include "common/base/uuid.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::ActivateOrderResponse ToProto(const Activation& activation) {
  v1::ActivateOrderResponse message;
  if (activation.outcome == ActivationOutcome::kAbandoned) {
    const Uuid parked = ParkedActivationId(activation.order, activation.revision);
    message.set_parked_activation(rpc::FormatName(kParkedActivationName, {activation.account, parked}));
    return message;
  }
  if (activation.subscription.has_value()) {
    message.add_subscriptions(rpc::FormatName(kSubscriptionName, {activation.account, *activation.subscription}));
  }
  for (int64_t line = 1; !activation.subscription.has_value() && line <= activation.line_count; ++line) {
    const Uuid id = SubscriptionId(activation.order, activation.revision, line);
    message.add_subscriptions(rpc::FormatName(kSubscriptionName, {activation.account, id}));
  }
  for (int64_t i = 0; i < activation.invoice_count; ++i) {
    const Uuid id = InvoiceId(activation.account, activation.first_invoice_sequence + i);
    message.add_invoices(rpc::FormatName(kInvoiceName, {activation.account, id}));
  }
  return message;
}

void AddOutlook(const OrderOutlook& outlook, const ConfirmedOrder& order, v1::ActivateOrderResponse& checked) {
  if (outlook.first_invoices.empty()) return;
  v1::ActivateOrderResponse::Outlook& added = *checked.mutable_outlook();
  for (const Invoice& invoice : outlook.first_invoices) {
    v1::Invoice& first = *added.add_first_invoices();
    first = ToProto(invoice);
    first.clear_name();  // There is none yet.
    first.clear_invoice_number();
    first.clear_state();
    first.clear_order();
    first.clear_create_time();
    first.clear_etag();
  }
  *added.mutable_commitment() = rpc::ToProto(outlook.commitment);
  *added.mutable_fee() = rpc::ToProto(outlook.fee);
  added.set_tax_known(checked.billing_account_exists() || !order.customer.billing_address.region_code.empty());
}

}  // namespace countersign::billing
