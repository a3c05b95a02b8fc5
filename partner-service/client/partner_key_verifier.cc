#include "partner-service/client/partner_key_verifier.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/rpc/caller.h"
#include "common/rpc/channel.h"
#include "common/rpc/names.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"

namespace countersign::partner {
namespace {

// The name goes into the audit record, so it must be that of one of the partner's keys.
absl::Status CheckKeyName(absl::string_view name, const Uuid& partner) {
  ASSIGN_OR_RETURN(const std::vector<Uuid> ids, rpc::ParseName("partners/{partner}/apiKeys/{api_key}", name));
  return ids[0] == partner ? absl::OkStatus() : absl::InternalError("The API key's name is another partner's.");
}

}  // namespace

bool HasSuspendedRights(v1::Partner::State state) {
  return state != v1::Partner::STATE_ACTIVE && state != v1::Partner::STATE_PENDING;
}

rpc::KeyVerifier PartnerKeyVerifier(absl::string_view service, const std::shared_ptr<grpc::Channel>& channel) {
  const std::shared_ptr<v1::ApiKeyService::Stub> stub = v1::ApiKeyService::NewStub(channel);
  return [stub, service = std::string(service)](absl::string_view key,
                                                absl::Time deadline) -> absl::StatusOr<rpc::VerifiedKey> {
    v1::VerifyApiKeyRequest request;
    request.set_api_key(std::string(key));
    ASSIGN_OR_RETURN(
        const v1::VerifyApiKeyResponse verified,
        rpc::CallPeer(rpc::WorkerOutgoing(service, deadline), *stub, &v1::ApiKeyService::Stub::VerifyApiKey, request));
    ASSIGN_OR_RETURN(const rpc::Caller partner, rpc::ParseCaller(verified.partner()));
    // An old partner-service gives no name; the audit record then names the partner.
    if (!verified.name().empty()) RETURN_IF_ERROR(CheckKeyName(verified.name(), partner.partner));
    return rpc::VerifiedKey{
        .partner = partner.partner, .suspended = HasSuspendedRights(verified.partner_state()), .name = verified.name()};
  };
}

}  // namespace countersign::partner
