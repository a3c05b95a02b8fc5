#include "order-service/src/clients/partner_client.h"

#include <memory>
#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/caller.h"
#include "common/rpc/channel.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"

namespace countersign::order {
namespace {

class GrpcPartnerClient final : public PartnerClient {
 public:
  explicit GrpcPartnerClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(partner::v1::PartnerService::NewStub(channel)) {}

  absl::StatusOr<partner::v1::CheckSellerResponse> CheckSeller(
      const rpc::Outgoing& outgoing, const partner::v1::CheckSellerRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &partner::v1::PartnerService::Stub::CheckSeller, request);
  }

 private:
  const std::unique_ptr<partner::v1::PartnerService::Stub> stub_;
};

absl::StatusOr<rpc::VerifiedKey> VerifyApiKey(partner::v1::PartnerService::Stub& stub, absl::string_view key,
                                              absl::Time deadline) {
  partner::v1::VerifyApiKeyRequest request;
  request.set_api_key(std::string(key));
  ASSIGN_OR_RETURN(const partner::v1::VerifyApiKeyResponse verified,
                   rpc::CallPeer(rpc::WorkerOutgoing("order-service", deadline), stub,
                                 &partner::v1::PartnerService::Stub::VerifyApiKey, request));
  ASSIGN_OR_RETURN(const rpc::Caller partner, rpc::ParseCaller(verified.partner()));
  const bool in_good_standing = verified.partner_state() == partner::v1::Partner::STATE_ACTIVE ||
                                verified.partner_state() == partner::v1::Partner::STATE_PENDING;
  return rpc::VerifiedKey{.partner = partner.partner, .suspended = !in_good_standing};
}

}  // namespace

std::unique_ptr<PartnerClient> MakePartnerClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcPartnerClient>(channel);
}

rpc::KeyVerifier MakeKeyVerifier(const std::shared_ptr<grpc::Channel>& channel) {
  const std::shared_ptr<partner::v1::PartnerService::Stub> stub = partner::v1::PartnerService::NewStub(channel);
  return rpc::KeyCache::Around(
      [stub](absl::string_view key, absl::Time deadline) { return VerifyApiKey(*stub, key, deadline); });
}

}  // namespace countersign::order
