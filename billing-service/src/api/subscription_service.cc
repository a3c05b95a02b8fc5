#include "billing-service/src/api/subscription_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/credit_note_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/cancellation_credit.h"
#include "billing-service/src/domain/dunning.h"
#include "billing-service/src/domain/renewal.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/rows.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {
namespace {

events::Event SubscriptionWritten(const rpc::Call& call, const Subscription& subscription, absl::string_view type,
                                  const v1::Subscription& reply, absl::string_view reason) {
  return call.MakeEvent({.aggregate = subscription.id,
                         .version = subscription.version,
                         .type = type,
                         .payload = EventOf(subscription),
                         .resource = reply,
                         .reason = reason});
}

}  // namespace

absl::StatusOr<v1::Subscription> SubscriptionService::Get(const rpc::Call& call,
                                                          const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Subscription subscription, subscriptions_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(subscription);
}

absl::StatusOr<v1::ListSubscriptionsResponse> SubscriptionService::List(const rpc::Call& call,
                                                                        const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page,
                   subscriptions_.List(call.deadline(), command.account, command.list.page));
  v1::ListSubscriptionsResponse reply;
  for (const Subscription& subscription : page.items) *reply.add_subscriptions() = ToProto(subscription);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<Subscription> SubscriptionService::Read(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(Subscription subscription, subscriptions_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, subscription.version));
  RETURN_IF_ERROR(CheckClock(subscription, call.now()));
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
  return EndNow(call, std::move(subscription), command);
}

absl::StatusOr<v1::Subscription> SubscriptionService::EndNow(const rpc::Call& call, Subscription subscription,
                                                             const CancelSubscriptionCommand& command) {
  ASSIGN_OR_RETURN(const Date day, DayOfPress(subscription, command.press_time, call.now()));
  ASSIGN_OR_RETURN(Cancellation cancellation,
                   command.tranche > 0 ? CancelTranche(std::move(subscription), command.tranche, day)
                                       : CancelNow(std::move(subscription), day, command.policy, command.reason));
  Subscription& ended = cancellation.subscription;
  ASSIGN_OR_RETURN(std::vector<Uuid> serving,
                   invoices_.ListServing(call.deadline(), ended.account, ended.id, CreditedFrom(cancellation)));
  ASSIGN_OR_RETURN(AccountState state, books_.Read(call.deadline(), ended.account, std::move(serving)));
  ASSIGN_OR_RETURN(const CancellationCredit credit,
                   CreditCancellation(cancellation, std::move(state), command.reason, call.now()));
  SetNextVersion(ended, call.now());
  v1::Subscription reply = ToProto(ended);
  *reply.mutable_cancellation() = ToProto(cancellation, credit);
  if (call.validate_only()) return reply;
  const absl::string_view type = command.tranche > 0 ? "SUBSCRIPTION_SEATS_CANCELLED" : "SUBSCRIPTION_CANCELLED";
  std::vector<events::Event> events = CancellationEvents(call, credit, command.reason);
  events.push_back(SubscriptionWritten(call, ended, type, reply, command.reason));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, CreditNoteStore::RowsOf(credit));
  AppendRows(rows, SubscriptionStore::Rows(ended));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Subscription> SubscriptionService::Suspend(const rpc::Call& call, const SuspensionCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  RETURN_IF_ERROR(billing::Suspend(subscription, command.suspension, DateOf(call.now())));
  return Save(call, std::move(subscription), "SUBSCRIPTION_SUSPENDED", command.reason);
}

absl::StatusOr<v1::Subscription> SubscriptionService::Resume(const rpc::Call& call, const SuspensionCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  const Date today = DateOf(call.now());
  RETURN_IF_ERROR(billing::Resume(subscription, command.suspension, today));
  ASSIGN_OR_RETURN(const Dunning dunning, dunnings_.Read(call.deadline(), subscription.account));
  if (dunning.state != DunningState::kPastDue || subscription.state != SubscriptionState::kActive) {
    return Save(call, std::move(subscription), "SUBSCRIPTION_RESUMED", command.reason);
  }
  // It is served again, and its account is past due as before.
  RETURN_IF_ERROR(AlignWithDunning(subscription, dunning.state, today).status());
  return Save(call, std::move(subscription), "SUBSCRIPTION_RESUMED", command.reason, {DunningStore::StaysAt(dunning)});
}

absl::StatusOr<v1::Subscription> SubscriptionService::SetNumber(const rpc::Call& call,
                                                                const SetPurchaseOrderNumberCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, Read(call, command));
  RETURN_IF_ERROR(SetPurchaseOrder(subscription, command.tranche, command.number));
  return Save(call, std::move(subscription), "SUBSCRIPTION_PURCHASE_ORDER_SET", command.reason);
}

absl::StatusOr<v1::Subscription> SubscriptionService::Save(const rpc::Call& call, Subscription subscription,
                                                           absl::string_view event_type, absl::string_view reason,
                                                           std::vector<events::RowGuard> guards) {
  SetNextVersion(subscription, call.now());
  const v1::Subscription reply = ToProto(subscription);
  if (call.validate_only()) return reply;
  const events::Event event = SubscriptionWritten(call, subscription, event_type, reply, reason);
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.rows = SubscriptionStore::Rows(subscription),
                                                                    .events = {event},
                                                                    .reply = reply,
                                                                    .guards = std::move(guards)})));
  return reply;
}

}  // namespace countersign::billing
