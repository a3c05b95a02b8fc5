#include "partner-service/src/clients/billing_client.h"

#include <utility>

#include "common/rpc/channel.h"
#include "countersign/billing/v1/partner_state_service.grpc.pb.h"

namespace countersign::partner {
namespace {

class GrpcBillingClient final : public BillingClient {
 public:
  explicit GrpcBillingClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(billing::v1::PartnerStateService::NewStub(channel)) {}

  absl::Status ApplyPartnerState(const rpc::Outgoing& outgoing,
                                 const billing::v1::ApplyPartnerStateRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &billing::v1::PartnerStateService::Stub::ApplyPartnerState, request)
        .status();
  }

 private:
  const std::unique_ptr<billing::v1::PartnerStateService::Stub> stub_;
};

}  // namespace

std::unique_ptr<BillingClient> MakeBillingClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcBillingClient>(channel);
}

}  // namespace countersign::partner
