#include "billing-service/src/clients/payee_client.h"

#include "common/rpc/channel.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "countersign/partner/v1/payee_profile_service.grpc.pb.h"

namespace countersign::billing {
namespace {

class GrpcPayeeClient final : public PayeeClient {
 public:
  explicit GrpcPayeeClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(partner::v1::PayeeProfileService::NewStub(channel)),
        partners_(partner::v1::PartnerService::NewStub(channel)) {}

  absl::StatusOr<partner::v1::PayeeProfile> GetPayeeProfile(
      const rpc::Outgoing& outgoing, const partner::v1::GetPayeeProfileRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &partner::v1::PayeeProfileService::Stub::GetPayeeProfile, request);
  }

  absl::StatusOr<partner::v1::ResolvePayeeAccountResponse> ResolvePayeeAccount(
      const rpc::Outgoing& outgoing, const partner::v1::ResolvePayeeAccountRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &partner::v1::PayeeProfileService::Stub::ResolvePayeeAccount, request);
  }

  absl::StatusOr<partner::v1::Partner> GetPartner(const rpc::Outgoing& outgoing,
                                                  const partner::v1::GetPartnerRequest& request) override {
    return rpc::CallPeer(outgoing, *partners_, &partner::v1::PartnerService::Stub::GetPartner, request);
  }

  absl::StatusOr<partner::v1::Partner> LookupPartner(const rpc::Outgoing& outgoing,
                                                     const partner::v1::LookupPartnerRequest& request) override {
    return rpc::CallPeer(outgoing, *partners_, &partner::v1::PartnerService::Stub::LookupPartner, request);
  }

 private:
  const std::unique_ptr<partner::v1::PayeeProfileService::Stub> stub_;
  const std::unique_ptr<partner::v1::PartnerService::Stub> partners_;
};

}  // namespace

std::unique_ptr<PayeeClient> MakePayeeClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcPayeeClient>(channel);
}

}  // namespace countersign::billing
