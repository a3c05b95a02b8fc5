#include "billing-service/src/api/invoice_messages.h"

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::Invoice::State ToProto(InvoiceState state) { return rpc::EnumNamed<v1::Invoice::State>("STATE_", NameOf(state)); }

v1::Invoice::Line ToProto(const Uuid& account, const InvoiceLine& line) {
  v1::Invoice::Line message;
  message.set_subscription(rpc::FormatName(kSubscriptionName, {account, line.subscription}));
  message.set_description(line.description);
  message.set_quantity(line.quantity);
  *message.mutable_unit_price() = rpc::ToProto(line.unit_price);
  *message.mutable_service_start_date() = rpc::ToProto(line.service.start);
  *message.mutable_service_end_date() = rpc::ToProto(line.service.end);
  *message.mutable_net() = rpc::ToProto(line.net);
  *message.mutable_tax() = rpc::ToProto(line.tax);
  message.set_tax_rate_ppm(line.tax_rate_ppm);
  message.set_tax_treatment(rpc::EnumNamed<v1::Invoice::TaxTreatment>("TAX_TREATMENT_", NameOf(line.tax_treatment)));
  message.set_explanation(Explain(line));
  message.set_price(line.price.price);
  message.set_purchase_order_number(line.purchase_order_number);
  return message;
}

}  // namespace

v1::Invoice ToProto(const Invoice& invoice) {
  v1::Invoice message;
  message.set_name(rpc::FormatName(kInvoiceName, {invoice.account, invoice.id}));
  message.set_invoice_number(invoice.number);
  message.set_state(ToProto(invoice.state));
  if (invoice.order.has_value()) message.set_order(OrderNameOf(*invoice.order));
  message.set_purchase_order_number(invoice.purchase_order_number);
  for (const InvoiceLine& line : invoice.lines) *message.add_lines() = ToProto(invoice.account, line);
  *message.mutable_net() = rpc::ToProto(invoice.net);
  *message.mutable_tax() = rpc::ToProto(invoice.tax);
  message.set_tax_region(invoice.tax_region);
  *message.mutable_total() = rpc::ToProto(invoice.total);
  *message.mutable_amount_due() = rpc::ToProto(AmountDue(invoice));
  *message.mutable_amount_paid() = rpc::ToProto(invoice.paid);
  *message.mutable_amount_credited() = rpc::ToProto(invoice.credited);
  *message.mutable_issue_date() = rpc::ToProto(invoice.issue_date);
  *message.mutable_due_date() = rpc::ToProto(invoice.due_date);
  if (invoice.paid_time.has_value()) *message.mutable_paid_time() = rpc::ToProto(*invoice.paid_time);
  *message.mutable_create_time() = rpc::ToProto(invoice.create_time);
  message.set_etag(rpc::EtagOf(invoice.version));
  return message;
}

v1::InvoiceEvent EventOf(const Invoice& invoice) {
  v1::InvoiceEvent event;
  event.set_invoice(rpc::FormatName(kInvoiceName, {invoice.account, invoice.id}));
  event.set_state(ToProto(invoice.state));
  event.set_version(invoice.version);
  event.set_account_has_credit(invoice.version == 1 && invoice.credit_waits);
  if (invoice.order.has_value()) event.set_order(OrderNameOf(*invoice.order));
  return event;
}

}  // namespace countersign::billing
