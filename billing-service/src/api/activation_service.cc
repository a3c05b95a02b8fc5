#include "billing-service/src/api/activation_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/activation_messages.h"
#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/parked_activation_messages.h"
#include "billing-service/src/domain/order_outlook.h"
#include "billing-service/src/domain/parked_activation.h"
#include "billing-service/src/store/activation_store.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::ActivateOrderResponse> ActivationService::Activate(const rpc::Call& call,
                                                                      const ActivateOrderCommand& command) {
  const ConfirmedOrder& order = command.order;
  if (!call.validate_only()) {
    ASSIGN_OR_RETURN(const std::optional<Activation> before,
                     activations_.Find(call.deadline(), order.account, order.order, order.revision));
    if (before.has_value()) return ToProto(*before);
  }
  const absl::Status late = CheckNotLate(order, DateOf(call.now()));
  const absl::StatusOr<ActivationResult> result =
      late.ok() ? act_.Decide(call, order) : absl::StatusOr<ActivationResult>(late);
  if (call.validate_only()) {
    RETURN_IF_ERROR(result.status());
    v1::ActivateOrderResponse checked;
    checked.set_billing_account_exists(result->account.version > 1);
    if (checked.billing_account_exists() && order.kind != OrderKind::kChangePartner) {
      *checked.mutable_purchase_order_rules() = ToProto(result->purchase_order_rules);
    }
    checked.set_purchase_order_missing(result->purchase_order_missing);
    if (!command.with_outlook) return checked;
    ASSIGN_OR_RETURN(const OrderOutlook outlook, OutlookOf(*result, order));
    AddOutlook(outlook, order, checked);
    return checked;
  }
  if (IsPermanentRefusal(result.status())) return ParkOrder(call, command, result.status());
  RETURN_IF_ERROR(result.status());

  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, ActivationStore::Rows(*result));
  if (rows.size() > events::kMaxRowsOfChange) return ParkOrder(call, command, events::ChangeTooLarge(rows.size()));
  v1::ActivateOrderResponse reply = ToProto(result->activation);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf(
          {.rows = std::move(rows), .events = ActivationAct::EventsOf(call, *result, order), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::ActivateOrderResponse> ActivationService::ParkOrder(const rpc::Call& call,
                                                                       const ActivateOrderCommand& command,
                                                                       const absl::Status& refusal) {
  ParkedActivation parked = Park(command.order, command.request, refusal, call.now());
  v1::ActivateOrderResponse reply;
  reply.set_parked_activation(NameOf(parked));
  ASSIGN_OR_RETURN(const std::optional<ParkedActivation> before,
                   parked_.Find(call.deadline(), parked.account, parked.id));
  if (before.has_value()) return reply;
  std::vector<events::Event> events = {ParkedActivationChanged(call, parked, "ACTIVATION_PARKED")};
  std::vector<mysql::RowWrite> rows;
  if (NeverSucceeds(parked)) {  // There is nothing for an operator to decide, and the customer is told why.
    ASSIGN_OR_RETURN(parked, Resolve(parked, ParkedActivationState::kAbandoned, parked.message, call.now()));
    events.push_back(ParkedActivationChanged(call, parked, "ACTIVATION_ABANDONED", parked.message));
    rows.push_back(ActivationStore::Row(AbandonedActivation(parked, call.now())));
  }
  rows.push_back(ParkedActivationStore::Row(parked));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
