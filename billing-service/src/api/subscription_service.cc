#include "billing-service/src/api/subscription_service.h"

#include <utility>

#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/renewal.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::StatusOr<v1::Subscription> SubscriptionService::Get(const rpc::Call& call,
                                                          const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Subscription subscription, subscriptions_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(subscription);
}

absl::StatusOr<v1::ListSubscriptionsResponse> SubscriptionService::List(const rpc::Call& call,
                                                                        const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page,
                   subscriptions_.List(call.deadline(), command.parent, command.list.page));
  v1::ListSubscriptionsResponse reply;
  for (const Subscription& subscription : page.items) *reply.add_subscriptions() = ToProto(subscription);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<Subscription> SubscriptionService::Read(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(Subscription subscription, subscriptions_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, subscription.version));
  return subscription;
}

absl::StatusOr<v1::Subscription> SubscriptionService::SetRenewal(const rpc::Call& call,
                                                                 const SetAutoRenewCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  RETURN_IF_ERROR(billing::SetAutoRenew(subscription, command.auto_renew, DateOf(call.now())));
  return Save(call, std::move(subscription), "SUBSCRIPTION_AUTO_RENEW_SET", command.reason);
}

absl::StatusOr<v1::Subscription> SubscriptionService::Cancel(const rpc::Call& call,
                                                             const CancelSubscriptionCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  const Date today = DateOf(call.now());
  if (!command.now) {
    RETURN_IF_ERROR(CancelAtTermEnd(subscription, today, command.reason));
    return Save(call, std::move(subscription), "SUBSCRIPTION_CANCELLATION_PLANNED", command.reason);
  }
  ASSIGN_OR_RETURN(Cancellation cancellation,
                   CancelNow(std::move(subscription), today, command.policy, command.reason));
  if (!cancellation.credited.empty()) {
    return FailedPrecondition("CREDIT_NOT_SERVED",
                              "Invoiced days would have to be credited, which this version does not do. Cancel at the "
                              "end of the term, or with POLICY_NO_CREDIT after the cancellation window.");
  }
  return Save(call, std::move(cancellation.subscription), "SUBSCRIPTION_CANCELLED", command.reason);
}

absl::StatusOr<v1::Subscription> SubscriptionService::Suspend(const rpc::Call& call, const SuspensionCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  RETURN_IF_ERROR(billing::Suspend(subscription, command.suspension));
  return Save(call, std::move(subscription), "SUBSCRIPTION_SUSPENDED", command.reason);
}

absl::StatusOr<v1::Subscription> SubscriptionService::Resume(const rpc::Call& call, const SuspensionCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  RETURN_IF_ERROR(billing::Resume(subscription, command.suspension, DateOf(call.now())));
  return Save(call, std::move(subscription), "SUBSCRIPTION_RESUMED", command.reason);
}

absl::StatusOr<v1::Subscription> SubscriptionService::Save(const rpc::Call& call, Subscription subscription,
                                                           absl::string_view event_type, absl::string_view reason) {
  ++subscription.version;
  subscription.update_time = call.now();
  const v1::Subscription reply = ToProto(subscription);
  if (call.validate_only()) return reply;
  const events::Event event = call.MakeEvent({.aggregate = subscription.id,
                                              .version = subscription.version,
                                              .type = event_type,
                                              .payload = EventOf(subscription),
                                              .resource = reply,
                                              .reason = reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = SubscriptionStore::Rows(subscription), .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
