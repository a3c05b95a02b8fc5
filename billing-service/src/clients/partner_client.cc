#include "billing-service/src/clients/partner_client.h"

#include <memory>
#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/caller.h"
#include "common/rpc/channel.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using partner::v1::Partner;
using partner::v1::PartnerService;

absl::StatusOr<rpc::VerifiedKey> VerifyApiKey(PartnerService::Stub& stub, absl::string_view key, absl::Time deadline) {
  partner::v1::VerifyApiKeyRequest request;
  request.set_api_key(std::string(key));
  ASSIGN_OR_RETURN(const partner::v1::VerifyApiKeyResponse verified,
                   rpc::CallPeer(rpc::WorkerOutgoing("billing-service", deadline), stub,
                                 &PartnerService::Stub::VerifyApiKey, request));
  ASSIGN_OR_RETURN(const rpc::Caller partner, rpc::ParseCaller(verified.partner()));
  const bool in_good_standing =
      verified.partner_state() == Partner::STATE_ACTIVE || verified.partner_state() == Partner::STATE_PENDING;
  return rpc::VerifiedKey{.partner = partner.partner, .suspended = !in_good_standing};
}

}  // namespace

rpc::KeyVerifier MakeKeyVerifier(const std::shared_ptr<grpc::Channel>& channel) {
  const std::shared_ptr<PartnerService::Stub> stub = PartnerService::NewStub(channel);
  return rpc::KeyCache::Around(
      [stub](absl::string_view key, absl::Time deadline) { return VerifyApiKey(*stub, key, deadline); });
}

}  // namespace countersign::billing
