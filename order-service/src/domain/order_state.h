// The state machine of an order (docs/domain.md): no edge exists but those of the table in order_state.cc.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_STATE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_STATE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/named.h"

namespace countersign::order {

enum class OrderState : uint8_t {
  kDraft,
  kAwaitingConfirmation,
  kConfirmed,
  kCompleted,
  kDeclined,
  kExpired,
  kCancelled,
};

inline constexpr Named<OrderState> kOrderStates[] = {
    {OrderState::kDraft, "DRAFT"},         {OrderState::kAwaitingConfirmation, "AWAITING_CONFIRMATION"},
    {OrderState::kConfirmed, "CONFIRMED"}, {OrderState::kCompleted, "COMPLETED"},
    {OrderState::kDeclined, "DECLINED"},   {OrderState::kExpired, "EXPIRED"},
    {OrderState::kCancelled, "CANCELLED"}};
inline absl::string_view NameOf(OrderState state) { return NameIn(kOrderStates, state); }

// The acts on an order.
enum class OrderAct : uint8_t {
  kSubmit,
  kReissueLink,
  kRevise,
  kCancel,
  kConfirm,
  kDecline,
  kExpire,
  kComplete,
  kAbandon,
  kUpdate,
  kExtendExpiry
};

// As a refusal says it: "The order is DRAFT and cannot be confirmed."
inline constexpr Named<OrderAct> kOrderActs[] = {{OrderAct::kSubmit, "submitted"},
                                                 {OrderAct::kReissueLink, "given a new link"},
                                                 {OrderAct::kRevise, "revised"},
                                                 {OrderAct::kCancel, "cancelled"},
                                                 {OrderAct::kConfirm, "confirmed"},
                                                 {OrderAct::kDecline, "declined"},
                                                 {OrderAct::kExpire, "expired"},
                                                 {OrderAct::kComplete, "completed"},
                                                 {OrderAct::kAbandon, "abandoned"},
                                                 {OrderAct::kUpdate, "updated"},
                                                 {OrderAct::kExtendExpiry, "given more time"}};
inline absl::string_view NameOf(OrderAct act) { return NameIn(kOrderActs, act); }

// The state after `act` on an order in state `from`. Error: FAILED_PRECONDITION ORDER_STATE, naming the state, where
// the machine has no such edge.
absl::StatusOr<OrderState> Next(OrderState from, OrderAct act);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_STATE_H_
