#include "link-service/src/clients/order_client.h"

#include "common/rpc/channel.h"
#include "countersign/order/v1/order_service.grpc.pb.h"

namespace countersign::link {
namespace {

using order::v1::OrderService;

class GrpcOrderClient final : public OrderClient {
 public:
  explicit GrpcOrderClient(const std::shared_ptr<grpc::Channel>& channel) : stub_(OrderService::NewStub(channel)) {}

  absl::StatusOr<order::v1::Order> ConfirmOrder(const rpc::Outgoing& outgoing,
                                                const order::v1::ConfirmOrderRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &OrderService::Stub::ConfirmOrder, request);
  }

  absl::StatusOr<order::v1::Order> DeclineOrder(const rpc::Outgoing& outgoing,
                                                const order::v1::DeclineOrderRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &OrderService::Stub::DeclineOrder, request);
  }

  absl::StatusOr<order::v1::Order> GetOrder(const rpc::Outgoing& outgoing,
                                            const order::v1::GetOrderRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &OrderService::Stub::GetOrder, request);
  }

  absl::StatusOr<order::v1::SearchOrdersResponse> SearchOrders(const rpc::Outgoing& outgoing,
                                                               const order::v1::SearchOrdersRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &OrderService::Stub::SearchOrders, request);
  }

 private:
  const std::unique_ptr<OrderService::Stub> stub_;
};

}  // namespace

std::unique_ptr<OrderClient> MakeOrderClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcOrderClient>(channel);
}

}  // namespace countersign::link
