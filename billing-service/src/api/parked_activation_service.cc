#include "billing-service/src/api/parked_activation_service.h"

#include <algorithm>
#include <utility>

#include "billing-service/src/api/activation_messages.h"
#include "billing-service/src/api/activation_requests.h"
#include "billing-service/src/api/parked_activation_messages.h"
#include "billing-service/src/store/activation_store.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::StatusOr<v1::ParkedActivation> ParkedActivationService::Get(const rpc::Call& call,
                                                                  const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const ParkedActivation parked, parked_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(parked);
}

absl::StatusOr<v1::ListParkedActivationsResponse> ParkedActivationService::List(const rpc::Call& call,
                                                                                const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<ParkedActivation> page,
                   parked_.List(call.deadline(), command.account, command.list.page));
  v1::ListParkedActivationsResponse reply;
  for (const ParkedActivation& parked : page.items) *reply.add_parked_activations() = ToProto(parked);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ParkedActivation> ParkedActivationService::Retry(const rpc::Call& call,
                                                                    const RetryActivationCommand& command) {
  ASSIGN_OR_RETURN(const ParkedActivation parked, parked_.Get(call.deadline(), command.tenant, command.id));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, parked.version));
  ASSIGN_OR_RETURN(const ParkedActivation resolved,
                   Resolve(parked, ParkedActivationState::kActivated, command.reason, call.now()));
  ASSIGN_OR_RETURN(ConfirmedOrder order, OrderOfKeptRequest(call, parked.request));
  if (!command.purchase_order_number.empty()) order.purchase_order_number = command.purchase_order_number;
  if (command.start == LateStart::kToday) order.start = std::max(order.start, DateOf(call.now()));
  ASSIGN_OR_RETURN(const ActivationResult result, act_.Decide(call, order));

  const v1::ActivateOrderResponse activated = ToProto(result.activation);
  v1::ParkedActivationEvent payload = EventOf(resolved);
  *payload.mutable_subscriptions() = activated.subscriptions();
  v1::ParkedActivation reply = ToProto(resolved);
  *reply.mutable_subscriptions() = activated.subscriptions();
  *reply.mutable_invoices() = activated.invoices();
  std::vector<events::Event> events = ActivationAct::EventsOf(call, result, order);
  events.push_back(call.MakeEvent({.aggregate = resolved.id,
                                   .version = resolved.version,
                                   .type = "ACTIVATION_RETRIED",
                                   .payload = payload,
                                   .resource = reply,
                                   .reason = command.reason}));
  if (call.validate_only()) return reply;
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, ActivationStore::Rows(result));
  rows.push_back(ParkedActivationStore::Row(resolved));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::ParkedActivation> ParkedActivationService::Abandon(const rpc::Call& call,
                                                                      const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const ParkedActivation parked, parked_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, parked.version));
  ASSIGN_OR_RETURN(const ParkedActivation resolved,
                   Resolve(parked, ParkedActivationState::kAbandoned, named.reason, call.now()));
  const v1::ParkedActivation reply = ToProto(resolved);
  const events::Event event = ParkedActivationChanged(call, resolved, "ACTIVATION_ABANDONED", named.reason);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {ActivationStore::Row(AbandonedActivation(resolved, call.now())),
                                               ParkedActivationStore::Row(resolved)},
                                      .events = {event},
                                      .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
