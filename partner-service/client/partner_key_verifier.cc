#include "partner-service/client/partner_key_verifier.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/rpc/caller.h"
#include "common/rpc/channel.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"

namespace countersign::partner {

bool HasSuspendedRights(v1::Partner::State state) {
  return state != v1::Partner::STATE_ACTIVE && state != v1::Partner::STATE_PENDING;
}

rpc::KeyVerifier PartnerKeyVerifier(absl::string_view service, const std::shared_ptr<grpc::Channel>& channel) {
  const std::shared_ptr<v1::PartnerService::Stub> stub = v1::PartnerService::NewStub(channel);
  return [stub, service = std::string(service)](absl::string_view key,
                                                absl::Time deadline) -> absl::StatusOr<rpc::VerifiedKey> {
    v1::VerifyApiKeyRequest request;
    request.set_api_key(std::string(key));
    ASSIGN_OR_RETURN(
        const v1::VerifyApiKeyResponse verified,
        rpc::CallPeer(rpc::WorkerOutgoing(service, deadline), *stub, &v1::PartnerService::Stub::VerifyApiKey, request));
    ASSIGN_OR_RETURN(const rpc::Caller partner, rpc::ParseCaller(verified.partner()));
    return rpc::VerifiedKey{.partner = partner.partner, .suspended = HasSuspendedRights(verified.partner_state())};
  };
}

}  // namespace countersign::partner
