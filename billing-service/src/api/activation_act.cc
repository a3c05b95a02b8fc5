#include "billing-service/src/api/activation_act.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/invoice_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/api/transfer_code_messages.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/renewal.h"
#include "billing-service/src/store/activation_store.h"
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

// The account's other subscriptions that are billed with an order; the billing run bills the rest.
constexpr size_t kMaxOthersBilled = 20;
// Reserved for the caller's rows beside an activation's own.
constexpr size_t kRowsOfCaller = 10;

absl::string_view ChangedBy(OrderKind kind) {
  switch (kind) {
    case OrderKind::kChangeSeats:
      return "SUBSCRIPTION_SEATS_CHANGED";
    case OrderKind::kRenew:
      return "SUBSCRIPTION_RENEWAL_PLANNED";
    default:
      return "SUBSCRIPTION_PARTNER_CHANGED";
  }
}

}  // namespace

absl::StatusOr<ActivationResult> ActivationAct::Decide(const rpc::Call& call, const ConfirmedOrder& order) const {
  BeforeActivation before;
  // The account is read before its subscriptions: whatever changes in between makes the commit lose.
  ASSIGN_OR_RETURN(before.account, accounts_.Find(call.deadline(), order.account));
  ASSIGN_OR_RETURN(before.fee_schedules, accounts_.FeeSchedulesNow(call.deadline()));
  if (order.kind != OrderKind::kNew && before.account.has_value()) {
    ASSIGN_OR_RETURN(before.target, subscriptions_.Get(call.deadline(), order.account, order.change.subscription));
  }
  if (order.kind == OrderKind::kChangePartner) {
    ASSIGN_OR_RETURN(before.transfer_code,
                     transfer_codes_.Find(call.deadline(), order.account, order.change.transfer_code));
    if (call.validate_only() && before.transfer_code.has_value()) {
      RETURN_IF_ERROR(CheckGood(*before.transfer_code, call.now()));
    }
  }
  const std::string& region = order.customer.billing_address.region_code;
  if (call.validate_only()) {
    if (!before.account.has_value() && !region.empty()) {
      ASSIGN_OR_RETURN(before.tax, accounts_.TaxOf(call.deadline(), region));
    }
    return billing::Activate(std::move(before), order, call.now());
  }
  if (before.account.has_value()) {
    ASSIGN_OR_RETURN(before.due, subscriptions_.ListDue(call.deadline(), order.account, DateOf(call.now())));
    const Date today = DateOf(call.now());
    // What renews today asks for its price first, and one that lacks a purchase-order number must not keep the order
    // from being activated: the billing run's part.
    std::erase_if(before.due, [&](const Subscription& due) {
      return NeedsRenewalPrice(due, today) || LacksPurchaseOrder(*before.account, due) ||
             (before.target.has_value() && due.id == before.target->id);
    });
    if (before.due.size() > kMaxOthersBilled) before.due.resize(kMaxOthersBilled);
    if (TakesTaxId(*before.account, order) || TakesLanguage(*before.account, order)) {
      ASSIGN_OR_RETURN(before.past_buyers, past_buyers_.List(call.deadline(), order.account));
    }
  } else {
    ASSIGN_OR_RETURN(before.number, accounts_.ReserveNumber(call.deadline(), order.account));
    ASSIGN_OR_RETURN(before.tax, accounts_.TaxOf(call.deadline(), region));
  }
  if (before.due.empty()) return billing::Activate(std::move(before), order, call.now());
  BeforeActivation alone = before;
  alone.due.clear();
  ASSIGN_OR_RETURN(ActivationResult together, billing::Activate(std::move(before), order, call.now()));
  ASSIGN_OR_RETURN(const std::vector<mysql::RowWrite> rows, ActivationStore::Rows(together));
  if (rows.size() + kRowsOfCaller <= events::kMaxRowsOfChange) return together;
  // The others are the billing run's part, too, where one change cannot hold them.
  return billing::Activate(std::move(alone), order, call.now());
}

std::vector<events::Event> ActivationAct::EventsOf(const rpc::Call& call, const ActivationResult& result,
                                                   const ConfirmedOrder& order) {
  std::vector<events::Event> events = {OrderActivated(call, result, order)};
  for (const Subscription& subscription : result.started) {
    events.push_back(SubscriptionChanged(call, subscription, "SUBSCRIPTION_CREATED"));
  }
  for (const Subscription& subscription : result.changed) {
    events.push_back(SubscriptionChanged(call, subscription, ChangedBy(order.kind)));
  }
  for (const Subscription& subscription : result.rebilled) {
    events.push_back(SubscriptionChanged(call, subscription, "SUBSCRIPTION_BILLED"));
  }
  for (const Invoice& invoice : result.invoices) events.push_back(InvoiceOpened(call, invoice));
  if (result.transfer_code.has_value()) {
    events.push_back(TransferCodeChanged(call, *result.transfer_code, "TRANSFER_CODE_USED"));
  }
  return events;
}

}  // namespace countersign::billing
