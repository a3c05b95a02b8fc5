// What the customer pressed (passed on by link-service), and what decides with it: the partner's state.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PRESS_HANDLERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PRESS_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order_service.pb.h"
#include "order-service/src/api/order_requests.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe; asks no peer. Errors are those of the methods in order_service.proto.
class PressHandlers {
 public:
  explicit PressHandlers(OrderStore& orders) : orders_(orders) {}  // Must outlive the handlers.

  absl::StatusOr<v1::Order> Confirm(const rpc::Call& call, const ConfirmOrderCommand& command);
  absl::StatusOr<v1::Order> Decline(const rpc::Call& call, const DeclineOrderCommand& command);
  absl::StatusOr<v1::ApplyPartnerStateResponse> ApplyPartnerState(const rpc::Call& call,
                                                                  const ApplyPartnerStateCommand& command);

 private:
  OrderStore& orders_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PRESS_HANDLERS_H_
