#include "partner-service/src/clients/order_client.h"

#include <utility>

#include "common/rpc/channel.h"
#include "countersign/order/v1/erasure_service.grpc.pb.h"
#include "countersign/order/v1/partner_state_service.grpc.pb.h"

namespace countersign::partner {
namespace {

class GrpcOrderClient final : public OrderClient {
 public:
  explicit GrpcOrderClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(order::v1::PartnerStateService::NewStub(channel)),
        erasures_(order::v1::ErasureService::NewStub(channel)) {}

  absl::Status ApplyPartnerState(const rpc::Outgoing& outgoing,
                                 const order::v1::ApplyPartnerStateRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &order::v1::PartnerStateService::Stub::ApplyPartnerState, request).status();
  }

  absl::StatusOr<order::v1::EraseCustomerResponse> EraseCustomer(
      const rpc::Outgoing& outgoing, const order::v1::EraseCustomerRequest& request) override {
    return rpc::CallPeer(outgoing, *erasures_, &order::v1::ErasureService::Stub::EraseCustomer, request);
  }

 private:
  const std::unique_ptr<order::v1::PartnerStateService::Stub> stub_;
  const std::unique_ptr<order::v1::ErasureService::Stub> erasures_;
};

}  // namespace

std::unique_ptr<OrderClient> MakeOrderClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcOrderClient>(channel);
}

}  // namespace countersign::partner
