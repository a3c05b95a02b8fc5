#include "billing-service/src/api/billing_account_messages.h"

#include <optional>

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::PurchaseOrderRules ToProto(const PurchaseOrderRules& rules) {
  v1::PurchaseOrderRules message;
  message.set_po_required(rules.required_from > 0);
  message.set_split_by_po(rules.split_from > 0);
  return message;
}

v1::BillingAccount ToProto(const BillingAccount& account) {
  v1::BillingAccount message;
  message.set_name(rpc::FormatName(kAccountName, {account.id}));
  message.set_account_number(account.number);
  message.set_company_name(account.customer.company_name);
  message.set_billing_email(account.customer.billing_email);
  *message.mutable_billing_address() = rpc::ToProto(account.customer.billing_address);
  message.set_currency_code(account.currency);
  *message.mutable_credit() = rpc::ToProto(account.credit);
  message.set_etag(rpc::EtagOf(account.version));
  *message.mutable_create_time() = rpc::ToProto(account.create_time);
  *message.mutable_update_time() = rpc::ToProto(account.update_time);
  message.set_state(rpc::EnumNamed<v1::BillingAccount::State>("STATE_", NameOf(account.state)));
  message.set_park_reason(account.park_reason);
  message.set_park_message(account.park_message);
  message.mutable_payment_method()->set_type(
      rpc::EnumNamed<v1::PaymentMethod::Type>("TYPE_", NameOf(account.payment_method.type)));
  message.set_former_billing_email(account.former_email);
  if (account.codes_move_time.has_value()) *message.mutable_codes_move_time() = rpc::ToProto(*account.codes_move_time);
  *message.mutable_purchase_order_rules() = ToProto(account.purchase_orders);
  message.set_language_code(account.language);
  message.set_payment_terms_days(static_cast<int32_t>(account.payment_term_days));
  if (const std::optional<OrderReference>& order = account.contact_order; order.has_value()) {
    message.set_correctable_by_order(rpc::FormatName(kOrderName, {order->partner, order->order}));
  }
  return message;
}

v1::BillingAccountEvent EventOf(const BillingAccount& account) {
  v1::BillingAccountEvent event;
  event.set_billing_account(rpc::FormatName(kAccountName, {account.id}));
  event.set_version(account.version);
  return event;
}

}  // namespace countersign::billing
