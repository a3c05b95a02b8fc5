#include "order-service/src/domain/order_state.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
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
    {kDraft, kUpdate, kDraft},
    {kDraft, kRevise, kDraft},
    {kDraft, kCancel, kCancelled},
    {kAwaitingConfirmation, kReissueLink, kAwaitingConfirmation},
    {kAwaitingConfirmation, kExtendExpiry, kAwaitingConfirmation},
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

}  // namespace

absl::StatusOr<OrderState> Next(OrderState from, OrderAct act) {
  for (const Edge& edge : kEdges) {
    if (edge.from == from && edge.act == act) return edge.to;
  }
  return FailedPrecondition("ORDER_STATE",
                            absl::StrCat("The order is ", NameOf(from), " and cannot be ", NameOf(act), "."),
                            {{"state", std::string(NameOf(from))}});
}

}  // namespace countersign::order
