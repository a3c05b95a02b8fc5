#include "link-service/src/page/receipts.h"

#include <vector>

#include "absl/status/status.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/access_link.h"

namespace countersign::link {

absl::StatusOr<order::v1::Order> Receipts::OrderOf(const rpc::Outgoing& outgoing, const Link& link) const {
  order::v1::GetOrderRequest request;
  request.set_name(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
  return orders_.GetOrder(outgoing, request);
}

absl::StatusOr<billing::v1::BillingAccount> Receipts::PayerOf(const rpc::Outgoing& outgoing, const Link& link) const {
  billing::v1::GetBillingAccountRequest request;
  if (link.billing_account.has_value()) {
    request.set_name(rpc::FormatName(kAccountName, {*link.billing_account}));
  } else {
    const absl::StatusOr<order::v1::Order> order = OrderOf(outgoing, link);
    // NOT_FOUND says that there is no account.
    if (absl::IsNotFound(order.status())) return absl::FailedPreconditionError("order-service has no such order.");
    RETURN_IF_ERROR(order.status());
    request.set_name(order->billing_account());
  }
  return billing_.GetBillingAccount(outgoing, request);
}

absl::StatusOr<bool> Receipts::IsReadable(const rpc::Outgoing& outgoing, const Link& link, absl::Time now) const {
  if (IsErased(link) || countersign::link::IsReadable(link, now)) return !IsErased(link);
  ASSIGN_OR_RETURN(const order::v1::Order order, OrderOf(outgoing, link));
  if (order.state() != order::v1::Order::STATE_COMPLETED) return false;
  ASSIGN_OR_RETURN(const std::vector<billing::v1::Subscription> subscriptions, acts_.SubscriptionsOf(outgoing, order));
  std::vector<ReceiptSubscription> of_receipt;
  for (const billing::v1::Subscription& subscription : subscriptions) {
    ReceiptSubscription one{.runs = IsRunning(subscription)};
    const absl::StatusOr<Date> end = rpc::FromProto(subscription.end_date());
    if (subscription.has_end_date() && end.ok()) one.end_date = *end;
    of_receipt.push_back(one);
  }
  return IsReceiptReadable(of_receipt, DateOf(now));
}

absl::StatusOr<std::string> Receipts::ContactOf(const rpc::Outgoing& outgoing, const Link& link) const {
  const absl::StatusOr<billing::v1::BillingAccount> payer = PayerOf(outgoing, link);
  if (absl::IsNotFound(payer.status())) return "";
  RETURN_IF_ERROR(payer.status());
  return payer->billing_email();
}

}  // namespace countersign::link
