#include "billing-service/src/api/billing_messages.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

using rpc::FormatName;

v1::Subscription::State ToProto(SubscriptionState state) {
  switch (state) {
    case SubscriptionState::kPending:
      return v1::Subscription::STATE_PENDING;
    case SubscriptionState::kActive:
      return v1::Subscription::STATE_ACTIVE;
    case SubscriptionState::kPastDue:
      return v1::Subscription::STATE_PAST_DUE;
    case SubscriptionState::kSuspended:
      return v1::Subscription::STATE_SUSPENDED;
    case SubscriptionState::kCancelled:
      return v1::Subscription::STATE_CANCELLED;
    case SubscriptionState::kExpired:
      return v1::Subscription::STATE_EXPIRED;
  }
  return v1::Subscription::STATE_UNSPECIFIED;
}

v1::Invoice::State ToProto(InvoiceState state) {
  switch (state) {
    case InvoiceState::kOpen:
      return v1::Invoice::STATE_OPEN;
    case InvoiceState::kPaid:
      return v1::Invoice::STATE_PAID;
    case InvoiceState::kVoid:
      return v1::Invoice::STATE_VOID;
    case InvoiceState::kUncollectible:
      return v1::Invoice::STATE_UNCOLLECTIBLE;
  }
  return v1::Invoice::STATE_UNSPECIFIED;
}

v1::Fee::State ToProto(FeeState state) {
  switch (state) {
    case FeeState::kAccrued:
      return v1::Fee::STATE_ACCRUED;
    case FeeState::kHeld:
      return v1::Fee::STATE_HELD;
    case FeeState::kNotEarned:
      return v1::Fee::STATE_UNSPECIFIED;  // No terminated partner is known here, so none was written.
  }
  return v1::Fee::STATE_UNSPECIFIED;
}

v1::Invoice::Line ToProto(const Uuid& account, const InvoiceLine& line) {
  v1::Invoice::Line proto;
  proto.set_subscription(FormatName(kSubscriptionName, {account, line.subscription}));
  proto.set_description(line.description);
  proto.set_quantity(line.quantity);
  *proto.mutable_unit_price() = rpc::ToProto(line.unit_price);
  *proto.mutable_service_start_date() = rpc::ToProto(line.service.start);
  *proto.mutable_service_end_date() = rpc::ToProto(line.service.end);
  *proto.mutable_net() = rpc::ToProto(line.net);
  proto.set_explanation(Explain(line));
  return proto;
}

v1::BillingEvent MakeEvent(std::string resource, absl::string_view state, int64_t version, std::string order = "") {
  v1::BillingEvent event;
  event.set_resource(std::move(resource));
  event.set_state(std::string(state));
  event.set_version(version);
  event.set_order(std::move(order));
  return event;
}

std::string OrderName(const OrderReference& order) { return FormatName(kOrderName, {order.partner, order.order}); }

}  // namespace

v1::BillingAccount ToProto(const BillingAccount& account) {
  v1::BillingAccount proto;
  proto.set_name(FormatName(kAccountName, {account.id}));
  proto.set_account_number(account.number);
  proto.set_company_name(account.customer.company_name);
  proto.set_billing_email(account.customer.billing_email);
  *proto.mutable_billing_address() = rpc::ToProto(account.customer.billing_address);
  proto.set_currency_code(account.currency);
  *proto.mutable_credit() = rpc::ToProto(account.credit);
  proto.set_etag(rpc::EtagOf(account.version));
  *proto.mutable_create_time() = rpc::ToProto(account.create_time);
  *proto.mutable_update_time() = rpc::ToProto(account.update_time);
  return proto;
}

v1::Subscription ToProto(const Subscription& subscription) {
  v1::Subscription proto;
  proto.set_name(FormatName(kSubscriptionName, {subscription.account, subscription.id}));
  proto.set_state(ToProto(subscription.state));
  proto.set_offer(subscription.offer);
  proto.set_offer_title(subscription.title);
  proto.set_order(OrderName(subscription.order));
  proto.set_partner_of_record(FormatName(kPartnerName, {subscription.partners.back().partner}));
  proto.set_quantity(Quantity(subscription));
  Date billed_until = CurrentTerm(subscription).end;
  for (const Tranche& tranche : subscription.tranches) {
    v1::Subscription::Tranche& seats = *proto.add_tranches();
    seats.set_quantity(tranche.quantity);
    *seats.mutable_unit_price() = rpc::ToProto(tranche.unit_price);
    *seats.mutable_start_date() = rpc::ToProto(tranche.start);
    billed_until = std::min(billed_until, tranche.billed_until);
  }
  *proto.mutable_start_date() = rpc::ToProto(CurrentTerm(subscription).start);
  *proto.mutable_term_end_date() = rpc::ToProto(CurrentTerm(subscription).end);
  proto.set_billing_period_months(static_cast<int32_t>(subscription.billing_months));
  *proto.mutable_billed_until_date() = rpc::ToProto(billed_until);
  proto.set_etag(rpc::EtagOf(subscription.version));
  *proto.mutable_create_time() = rpc::ToProto(subscription.create_time);
  *proto.mutable_update_time() = rpc::ToProto(subscription.update_time);
  return proto;
}

v1::Invoice ToProto(const Invoice& invoice) {
  v1::Invoice proto;
  proto.set_name(FormatName(kInvoiceName, {invoice.account, invoice.id}));
  proto.set_invoice_number(invoice.number);
  proto.set_state(ToProto(invoice.state));
  if (invoice.order.has_value()) proto.set_order(OrderName(*invoice.order));
  proto.set_purchase_order_number(invoice.purchase_order_number);
  for (const InvoiceLine& line : invoice.lines) *proto.add_lines() = ToProto(invoice.account, line);
  *proto.mutable_net() = rpc::ToProto(invoice.net);
  *proto.mutable_tax() = rpc::ToProto(invoice.tax);
  *proto.mutable_total() = rpc::ToProto(invoice.total);
  *proto.mutable_amount_due() = rpc::ToProto(AmountDue(invoice));
  *proto.mutable_issue_date() = rpc::ToProto(invoice.issue_date);
  *proto.mutable_due_date() = rpc::ToProto(invoice.due_date);
  if (invoice.paid_time.has_value()) *proto.mutable_paid_time() = rpc::ToProto(*invoice.paid_time);
  *proto.mutable_create_time() = rpc::ToProto(invoice.create_time);
  proto.set_etag(rpc::EtagOf(invoice.version));
  return proto;
}

v1::BankReceipt ToProto(const BankReceipt& receipt) {
  v1::BankReceipt proto;
  proto.set_name(FormatName(kReceiptName, {receipt.id}));
  proto.set_external_reference(receipt.external_reference);
  *proto.mutable_amount() = rpc::ToProto(receipt.amount);
  *proto.mutable_value_date() = rpc::ToProto(receipt.value_date);
  proto.set_billing_account(FormatName(kAccountName, {receipt.account}));
  if (receipt.invoice.has_value()) proto.set_invoice(FormatName(kInvoiceName, {receipt.account, *receipt.invoice}));
  *proto.mutable_create_time() = rpc::ToProto(receipt.create_time);
  return proto;
}

v1::Fee ToProto(const FeeEntry& fee) {
  v1::Fee proto;
  proto.set_name(FormatName(kFeeName, {fee.segment.partner, fee.id}));
  proto.set_state(ToProto(fee.state));
  proto.set_invoice(FormatName(kInvoiceName, {fee.account, fee.invoice}));
  proto.set_line(static_cast<int32_t>(fee.line - 1));
  proto.set_subscription(FormatName(kSubscriptionName, {fee.account, fee.subscription}));
  *proto.mutable_line_net() = rpc::ToProto(fee.line_net);
  proto.set_rate_basis_points(static_cast<int32_t>(fee.segment.rate_basis_points));
  proto.set_days(fee.segment.days);
  proto.set_period_days(fee.line_days);
  *proto.mutable_amount() = rpc::ToProto(fee.amount);
  *proto.mutable_service_start_date() = rpc::ToProto(fee.service.start);
  *proto.mutable_service_end_date() = rpc::ToProto(fee.service.end);
  proto.set_explanation(Explain(fee));
  *proto.mutable_accrue_time() = rpc::ToProto(fee.accrue_time);
  return proto;
}

v1::ActivateOrderResponse ToProto(const Activation& activation) {
  v1::ActivateOrderResponse proto;
  for (int64_t line = 1; line <= activation.line_count; ++line) {
    const Uuid id = SubscriptionId(activation.order, activation.revision, line);
    proto.add_subscriptions(FormatName(kSubscriptionName, {activation.account, id}));
  }
  for (int64_t i = 0; i < activation.invoice_count; ++i) {
    const Uuid id = InvoiceId(activation.account, activation.first_invoice_sequence + i);
    proto.add_invoices(FormatName(kInvoiceName, {activation.account, id}));
  }
  return proto;
}

v1::BillingEvent EventOf(const BillingAccount& account) {
  return MakeEvent(FormatName(kAccountName, {account.id}), "", account.version);
}

v1::BillingEvent EventOf(const Subscription& subscription) {
  return MakeEvent(FormatName(kSubscriptionName, {subscription.account, subscription.id}), Name(subscription.state),
                   subscription.version, OrderName(subscription.order));
}

v1::BillingEvent EventOf(const Invoice& invoice) {
  return MakeEvent(FormatName(kInvoiceName, {invoice.account, invoice.id}), Name(invoice.state), invoice.version,
                   invoice.order.has_value() ? OrderName(*invoice.order) : "");
}

// Receipts, payments and fees are written once, so they stay at their first version.
v1::BillingEvent EventOf(const BankReceipt& receipt) {
  return MakeEvent(FormatName(kReceiptName, {receipt.id}), "", 1);
}

v1::BillingEvent EventOf(const Payment& payment) {
  return MakeEvent(FormatName(kPaymentName, {payment.account, payment.id}), Name(payment.state), 1);
}

v1::BillingEvent EventOf(const FeeEntry& fee) {
  return MakeEvent(FormatName(kFeeName, {fee.segment.partner, fee.id}), Name(fee.state), 1);
}

std::string Explain(const InvoiceLine& line) {
  std::string text = absl::StrCat(line.quantity, " × ", line.unit_price.ToString(), " × ", line.months,
                                  line.months == 1 ? " month" : " months");
  if (!(line.service == line.billing_period)) {
    absl::StrAppend(&text, " × ", line.service.days(), "/", line.billing_period.days(), " days");
  }
  return absl::StrCat(text, " = ", line.net.ToString());
}

}  // namespace countersign::billing
