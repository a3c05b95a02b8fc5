#include "order-service/src/workers/billing_relay.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/events/delivery_request.h"
#include "common/rpc/call.h"
#include "common/rpc/names.h"
#include "order-service/src/api/activation_messages.h"
#include "order-service/src/api/names.h"
#include "order-service/src/domain/self_dealing.h"
#include "order-service/src/workers/worker_change.h"

namespace countersign::order {
namespace {

constexpr char kBillingConsumer[] = "billing";
constexpr char kConfirmed[] = "ORDER_CONFIRMED";
constexpr char kCompleted[] = "ORDER_COMPLETED";

absl::StatusOr<std::vector<Uuid>> SubscriptionsOf(const billing::v1::ActivateOrderResponse& response) {
  std::vector<Uuid> subscriptions;
  for (const std::string& name : response.subscriptions()) {
    const absl::StatusOr<std::vector<Uuid>> ids = rpc::ParseName(kSubscriptionName, name);
    if (!ids.ok())
      return absl::InternalError(absl::StrCat("The name that billing-service gave is no subscription's: ", name));
    subscriptions.push_back((*ids)[1]);
  }
  return subscriptions;
}

bool IsCompletedByBilling(const events::Event& event) {
  return event.type == kCompleted && event.actor != absl::StrCat("services/", kServiceName);
}

class Activation {
 public:
  Activation(const OrderStore& orders, events::Committer& committer, BillingClient& billing, const Clock& clock)
      : orders_(orders), committer_(committer), billing_(billing), clock_(clock) {}

  absl::Status Deliver(const events::Event& event, absl::Time deadline) const {
    // An activation that was parked ends by billing's word, not by this consumer: its fees are looked at then.
    if (IsCompletedByBilling(event)) return HoldFeesOfCompleted(event, deadline);
    if (event.type != kConfirmed) return absl::OkStatus();
    // Two relays may deliver the same event at once; the one that loses finds the order completed when it looks again.
    return events::RunUntilNotLost(deadline, [&] { return Activate(event, deadline); });
  }

 private:
  absl::Status Activate(const events::Event& event, absl::Time deadline) const {
    ASSIGN_OR_RETURN(const ConfirmedOrder confirmed, orders_.GetConfirmed(deadline, {event.tenant, event.aggregate}));
    const Order& order = confirmed.order;
    // A completed one was delivered before; billing is asked all the same, because it may have been restored since.
    if (order.state != OrderState::kConfirmed && order.state != OrderState::kCompleted) return absl::OkStatus();
    if (order.erase_time.has_value()) return absl::OkStatus();  // Long ended, and what it was confirmed with is gone.

    billing::v1::ActivateOrderRequest request = ActivationOf(order, confirmed.acceptance);
    request.set_request_id(events::DeliveryRequestId(kBillingConsumer, event));
    ASSIGN_OR_RETURN(const auto activated,
                     billing_.ActivateOrder(rpc::WorkerOutgoing(kServiceName, deadline, event), request));
    RETURN_IF_ERROR(
        HoldFees(event, confirmed, {activated.subscriptions().begin(), activated.subscriptions().end()}, deadline));
    if (order.state == OrderState::kCompleted) return absl::OkStatus();
    if (!activated.parked_activation().empty()) return absl::OkStatus();  // Its outcome comes when an operator decides.
    ASSIGN_OR_RETURN(std::vector<Uuid> subscriptions, SubscriptionsOf(activated));
    ASSIGN_OR_RETURN(const Order completed, order.Complete(std::move(subscriptions), clock_.Now()));
    events::Change change = WorkerChange("ORDER_COMPLETED", order, completed);
    for (events::Event& made : change.events) made.trace_id = event.trace_id;
    if (order.kind != OrderKind::kNew) {
      // The account may have come along: the customer's next orders are billed to it.
      ASSIGN_OR_RETURN(const StoredOrder before, orders_.Get(deadline, order.name));
      change.rows = OrderStore::RowsOfCompleted(before, completed);
    }
    return committer_.Commit(deadline, change);
  }

  absl::Status HoldFeesOfCompleted(const events::Event& event, absl::Time deadline) const {
    ASSIGN_OR_RETURN(const ConfirmedOrder confirmed, orders_.GetConfirmed(deadline, {event.tenant, event.aggregate}));
    const Order& order = confirmed.order;
    std::vector<std::string> subscriptions;
    for (const Uuid& id : order.subscriptions) {
      subscriptions.push_back(rpc::FormatName(kSubscriptionName, {order.billing_account.value_or(Uuid()), id}));
    }
    return HoldFees(event, confirmed, subscriptions, deadline);
  }

  // Before the order is completed, so that no fee is stated that should have waited. The customer is not held up.
  absl::Status HoldFees(const events::Event& event, const ConfirmedOrder& confirmed,
                        const std::vector<std::string>& subscriptions, absl::Time deadline) const {
    const Order& order = confirmed.order;
    if (subscriptions.empty()) return absl::OkStatus();
    Acceptance acceptance = confirmed.acceptance;
    ASSIGN_OR_RETURN(acceptance.billing_email, BillingEmailOf(event, confirmed, deadline));
    const std::string reason = SuspectSelfDealing(order.submitter, acceptance);
    if (reason.empty()) return absl::OkStatus();
    for (const std::string& subscription : subscriptions) {
      billing::v1::SetFeeHoldRequest request;
      request.set_parent(rpc::FormatName(kPartnerName, {order.partner_of_record}));
      request.set_subscription(subscription);
      request.set_reason(reason);
      request.set_request_id(events::DeliveryRequestId(kBillingConsumer, event, absl::StrCat("hold ", subscription)));
      RETURN_IF_ERROR(billing_.SetFeeHold(rpc::WorkerOutgoing(kServiceName, deadline, event), request).status());
    }
    Log(Level::kWarning, "self-dealing suspected", {{"order", order.name.id.ToString()}, {"reason", reason}});
    return absl::OkStatus();
  }

  // Where the order's invoices go: as it was typed, or, where the account was on file and nothing was, the account's
  // billing contact. Empty: not known.
  absl::StatusOr<std::string> BillingEmailOf(const events::Event& event, const ConfirmedOrder& confirmed,
                                             absl::Time deadline) const {
    const Order& order = confirmed.order;
    const std::string& typed = confirmed.acceptance.billing_email;
    if (!typed.empty() || order.submitter.mail_domain.empty() || !order.billing_account.has_value()) return typed;
    billing::v1::GetBillingAccountRequest request;
    request.set_name(rpc::FormatName(kAccountName, {*order.billing_account}));
    const absl::StatusOr<billing::v1::BillingAccount> account =
        billing_.GetBillingAccount(rpc::WorkerOutgoing(kServiceName, deadline, event), request);
    // Without the account, or where an older billing-service does not let us read it: a suspicion holds nobody up.
    if (absl::IsNotFound(account.status()) || absl::IsPermissionDenied(account.status())) return typed;
    RETURN_IF_ERROR(account.status());
    return account->billing_email();
  }

  const OrderStore& orders_;
  events::Committer& committer_;
  BillingClient& billing_;
  const Clock& clock_;
};

}  // namespace

events::Consumer BillingConsumer(const OrderStore& orders, events::Committer& committer, BillingClient& billing,
                                 const Clock& clock) {
  return {
      .name = kBillingConsumer,
      .deliver = std::bind_front(&Activation::Deliver, Activation(orders, committer, billing, clock)),
      // Without it the order would stay CONFIRMED for ever, activated by billing or not.
      .must_arrive = {kConfirmed},
      .concerns = [](const events::Event& event) { return event.type == kConfirmed || IsCompletedByBilling(event); }};
}

}  // namespace countersign::order
