// How the other services ask partner-service whose an API key is. The one part of a service that others include, so
// that it is decided in one place who is suspended; scripts/check-layers limits it to the stubs and common.
#ifndef COUNTERSIGN_PARTNER_SERVICE_CLIENT_PARTNER_KEY_VERIFIER_H_
#define COUNTERSIGN_PARTNER_SERVICE_CLIENT_PARTNER_KEY_VERIFIER_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "common/rpc/api_key.h"
#include "countersign/partner/v1/partner.pb.h"
#include "grpcpp/channel.h"

namespace countersign::partner {

// True if the keys of a partner in this state have only a suspended partner's rights; also for an unknown state.
bool HasSuspendedRights(v1::Partner::State state);

// Asks partner-service over `channel` as `service` ("order-service"). Thread-safe. Errors: NOT_FOUND
// API_KEY_INVALID; UNAVAILABLE when partner-service is down; INVALID_ARGUMENT or INTERNAL for a malformed answer.
rpc::KeyVerifier PartnerKeyVerifier(absl::string_view service, const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_CLIENT_PARTNER_KEY_VERIFIER_H_
