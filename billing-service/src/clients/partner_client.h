// What billing-service asks of partner-service.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PARTNER_CLIENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PARTNER_CLIENT_H_

#include <memory>

#include "common/rpc/api_key.h"
#include "grpcpp/channel.h"

namespace countersign::billing {

// Asks partner-service whose an API key is, and remembers the answer for as long as rpc::KeyCache does. Thread-safe.
// Errors: NOT_FOUND API_KEY_INVALID; UNAVAILABLE when partner-service is down.
rpc::KeyVerifier MakeKeyVerifier(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PARTNER_CLIENT_H_
