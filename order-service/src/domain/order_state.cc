#include "order-service/src/domain/order_state.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::order {
namespace {

struct Edge {
  OrderState from;
  OrderAct act;
  OrderState to;
};

using enum OrderState;
using enum OrderAct;

constexpr Edge kEdges[] = {
    {kDraft, kSubmit, kAwaitingConfirmation},
    {kDraft, kRevise, kDraft},
    {kDraft, kCancel, kCancelled},
    {kAwaitingConfirmation, kReissueLink, kAwaitingConfirmation},
    {kAwaitingConfirmation, kRevise, kDraft},
    {kAwaitingConfirmation, kCancel, kCancelled},
    {kAwaitingConfirmation, kConfirm, kConfirmed},
    {kAwaitingConfirmation, kDecline, kDeclined},
    {kAwaitingConfirmation, kExpire, kExpired},
    {kExpired, kRevise, kDraft},
    {kDeclined, kRevise, kDraft},
    {kConfirmed, kComplete, kCompleted},
    {kConfirmed, kAbandon, kCancelled},
};

constexpr absl::string_view Verb(OrderAct act) {
  switch (act) {
    case kSubmit:
      return "submitted";
    case kReissueLink:
      return "given a new link";
    case kRevise:
      return "revised";
    case kCancel:
      return "cancelled";
    case kConfirm:
      return "confirmed";
    case kDecline:
      return "declined";
    case kExpire:
      return "expired";
    case kComplete:
      return "completed";
    case kAbandon:
      return "abandoned";
  }
  return "";
}

}  // namespace

absl::string_view Name(OrderState state) { return kOrderStateNames[static_cast<size_t>(state)]; }

absl::StatusOr<OrderState> ParseOrderState(absl::string_view name) {
  for (const OrderState state : kOrderStates) {
    if (Name(state) == name) return state;
  }
  return absl::DataLossError(absl::StrCat("no order state is named ", name));
}

absl::StatusOr<OrderState> Next(OrderState from, OrderAct act) {
  for (const Edge& edge : kEdges) {
    if (edge.from == from && edge.act == act) return edge.to;
  }
  return FailedPrecondition("ORDER_STATE", absl::StrCat("the order is ", Name(from), " and cannot be ", Verb(act)),
                            {{"state", std::string(Name(from))}});
}

}  // namespace countersign::order
