#include "billing-service/src/api/activation_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/activation_messages.h"
#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/invoice_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/names.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

events::Event OrderActivated(const rpc::Call& call, const ActivationResult& result, const ConfirmedOrder& order) {
  v1::BillingAccountEvent activated = EventOf(result.account);
  activated.set_order(OrderNameOf(order.order));
  activated.set_partner_of_record(rpc::FormatName(kPartnerName, {order.partner_of_record}));
  return call.MakeEvent({.aggregate = result.account.id,
                         .version = result.account.version,
                         .type = "ORDER_ACTIVATED",
                         .payload = activated,
                         .resource = ToProto(result.account)});
}

events::Event SubscriptionChanged(const rpc::Call& call, const Subscription& subscription, absl::string_view type) {
  return call.MakeEvent({.aggregate = subscription.id,
                         .version = subscription.version,
                         .type = type,
                         .payload = EventOf(subscription),
                         .resource = ToProto(subscription)});
}

events::Event InvoiceOpened(const rpc::Call& call, const Invoice& invoice) {
  return call.MakeEvent({.aggregate = invoice.id,
                         .version = invoice.version,
                         .type = "INVOICE_OPENED",
                         .payload = EventOf(invoice),
                         .resource = ToProto(invoice)});
}

// The account's, and one of each subscription and invoice.
std::vector<events::Event> EventsOf(const rpc::Call& call, const ActivationResult& result,
                                    const ConfirmedOrder& order) {
  std::vector<events::Event> events = {OrderActivated(call, result, order)};
  for (const Subscription& subscription : result.started) {
    events.push_back(SubscriptionChanged(call, subscription, "SUBSCRIPTION_CREATED"));
  }
  for (const Subscription& subscription : result.rebilled) {
    events.push_back(SubscriptionChanged(call, subscription, "SUBSCRIPTION_BILLED"));
  }
  for (const Invoice& invoice : result.invoices) events.push_back(InvoiceOpened(call, invoice));
  return events;
}

}  // namespace

absl::StatusOr<v1::ActivateOrderResponse> ActivationService::Activate(const rpc::Call& call,
                                                                      const ActivateOrderCommand& command) {
  const ConfirmedOrder& order = command.order;
  if (!call.validate_only()) {
    ASSIGN_OR_RETURN(const std::optional<Activation> before,
                     activations_.Find(call.deadline(), order.account, order.order, order.revision));
    if (before.has_value()) return ToProto(*before);
  }
  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(call.deadline(), order.account));
  if (call.validate_only()) {
    RETURN_IF_ERROR(billing::Activate(account, /*number=*/"", order, /*due=*/{}, call.now()).status());
    return v1::ActivateOrderResponse();
  }
  std::string number;
  std::vector<Subscription> due;
  if (account.has_value()) {
    ASSIGN_OR_RETURN(due, subscriptions_.ListDue(call.deadline(), order.account, DateOf(order.confirm_time)));
  } else {
    ASSIGN_OR_RETURN(number, accounts_.ReserveNumber(call.deadline(), order.account));
  }
  ASSIGN_OR_RETURN(const ActivationResult result,
                   billing::Activate(account, number, order, std::move(due), call.now()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, ActivationStore::Rows(result));
  v1::ActivateOrderResponse reply = ToProto(result.activation);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = EventsOf(call, result, order), .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
