// The state machine of an order (domain.md): no edge exists but those of the table in order_state.cc.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_STATE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_STATE_H_

#include <array>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign::order {

enum class OrderState { kDraft, kAwaitingConfirmation, kConfirmed, kCompleted, kDeclined, kExpired, kCancelled };

inline constexpr std::array kOrderStates = {OrderState::kDraft,     OrderState::kAwaitingConfirmation,
                                            OrderState::kConfirmed, OrderState::kCompleted,
                                            OrderState::kDeclined,  OrderState::kExpired,
                                            OrderState::kCancelled};

// Their names, as stored: Name of each.
inline constexpr absl::string_view kOrderStateNames[] = {
    "DRAFT", "AWAITING_CONFIRMATION", "CONFIRMED", "COMPLETED", "DECLINED", "EXPIRED", "CANCELLED"};

// What can be done to an order. kAbandon: an operator gives up an activation that cannot succeed.
enum class OrderAct { kSubmit, kReissueLink, kRevise, kCancel, kConfirm, kDecline, kExpire, kComplete, kAbandon };

inline constexpr std::array kOrderActs = {OrderAct::kSubmit, OrderAct::kReissueLink, OrderAct::kRevise,
                                          OrderAct::kCancel, OrderAct::kConfirm,     OrderAct::kDecline,
                                          OrderAct::kExpire, OrderAct::kComplete,    OrderAct::kAbandon};

// "AWAITING_CONFIRMATION": as stored and as the state machine names it.
absl::string_view Name(OrderState state);

// Error: DATA_LOSS for a name that no state has.
absl::StatusOr<OrderState> ParseOrderState(absl::string_view name);

// The state after `act` on an order in state `from`. Error: FAILED_PRECONDITION ORDER_STATE, naming the state, where
// the machine has no such edge.
absl::StatusOr<OrderState> Next(OrderState from, OrderAct act);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_STATE_H_
