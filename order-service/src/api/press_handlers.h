// What the customer pressed (passed on by link-service), and what decides with it: the partner's state.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PRESS_HANDLERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PRESS_HANDLERS_H_

#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order_service.pb.h"
#include "order-service/src/api/order_requests.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe; asks no peer. Errors are those of the methods in order_service.proto.
class PressHandlers {
 public:
  // `withdraw` is told of every partner that is not active any more, once that is committed, so that the worker need
  // not wait for its turn; may be empty. `orders` must outlive the handlers.
  explicit PressHandlers(OrderStore& orders, std::function<void(const Uuid& partner)> withdraw = nullptr)
      : orders_(orders), withdraw_(std::move(withdraw)) {}

  absl::StatusOr<v1::Order> Confirm(const rpc::Call& call, const ConfirmOrderCommand& command);
  absl::StatusOr<v1::Order> Decline(const rpc::Call& call, const DeclineOrderCommand& command);
  absl::StatusOr<v1::ApplyPartnerStateResponse> ApplyPartnerState(const rpc::Call& call,
                                                                  const ApplyPartnerStateCommand& command);

 private:
  OrderStore& orders_;
  const std::function<void(const Uuid& partner)> withdraw_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PRESS_HANDLERS_H_
