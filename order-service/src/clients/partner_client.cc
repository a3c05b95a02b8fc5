#include "order-service/src/clients/partner_client.h"

#include <memory>

#include "common/rpc/channel.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"

namespace countersign::order {
namespace {

class GrpcPartnerClient final : public PartnerClient {
 public:
  explicit GrpcPartnerClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(partner::v1::SellerService::NewStub(channel)), partners_(partner::v1::PartnerService::NewStub(channel)) {}

  absl::StatusOr<partner::v1::CheckSellerResponse> CheckSeller(
      const rpc::Outgoing& outgoing, const partner::v1::CheckSellerRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &partner::v1::SellerService::Stub::CheckSeller, request);
  }

  absl::StatusOr<partner::v1::Partner> GetPartner(const rpc::Outgoing& outgoing,
                                                  const partner::v1::GetPartnerRequest& request) override {
    return rpc::CallPeer(outgoing, *partners_, &partner::v1::PartnerService::Stub::GetPartner, request);
  }

 private:
  const std::unique_ptr<partner::v1::SellerService::Stub> stub_;
  const std::unique_ptr<partner::v1::PartnerService::Stub> partners_;
};

}  // namespace

std::unique_ptr<PartnerClient> MakePartnerClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcPartnerClient>(channel);
}

}  // namespace countersign::order
