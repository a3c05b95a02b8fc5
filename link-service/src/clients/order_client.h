// The calls that link-service makes to order-service.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::link {

// Thread-safe. Abstract, so that tests can replace the peer. Errors: those of the methods; UNAVAILABLE when
// order-service is down.
class OrderClient {
 public:
  virtual ~OrderClient() = default;

  // The customer pressed; only order-service decides. Safe to repeat.
  virtual absl::StatusOr<order::v1::Order> ConfirmOrder(const rpc::Outgoing& outgoing,
                                                        const order::v1::ConfirmOrderRequest& request) = 0;
  virtual absl::StatusOr<order::v1::Order> DeclineOrder(const rpc::Outgoing& outgoing,
                                                        const order::v1::DeclineOrderRequest& request) = 0;

  // The order as it is now, for the page.
  virtual absl::StatusOr<order::v1::Order> GetOrder(const rpc::Outgoing& outgoing,
                                                    const order::v1::GetOrderRequest& request) = 0;

  // Orders by their number or their account, for a customer that lost its receipt.
  virtual absl::StatusOr<order::v1::SearchOrdersResponse> SearchOrders(
      const rpc::Outgoing& outgoing, const order::v1::SearchOrdersRequest& request) = 0;
};

std::unique_ptr<OrderClient> MakeOrderClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_
