// The calls of partner-service to billing-service.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_

#include <memory>

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/partner_state_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::partner {

// Thread-safe. Abstract, so that tests can replace the peer.
class BillingClient {
 public:
  virtual ~BillingClient() = default;

  // Pushes a partner's state. Idempotent. Errors: those of the method; UNAVAILABLE when billing-service is down.
  virtual absl::Status ApplyPartnerState(const rpc::Outgoing& outgoing,
                                         const billing::v1::ApplyPartnerStateRequest& request) = 0;
};

std::unique_ptr<BillingClient> MakeBillingClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_
