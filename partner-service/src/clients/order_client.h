// The calls of partner-service to order-service.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/erasure_service.pb.h"
#include "countersign/order/v1/partner_state_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::partner {

// Thread-safe. Abstract, so that tests can replace the peer.
class OrderClient {
 public:
  virtual ~OrderClient() = default;

  // Pushes a partner's state. Idempotent. Errors: those of the method; UNAVAILABLE when order-service is down.
  virtual absl::Status ApplyPartnerState(const rpc::Outgoing& outgoing,
                                         const order::v1::ApplyPartnerStateRequest& request) = 0;

  // Erases a customer beyond its address book, or (validate_only) says whether it could. Idempotent. Errors: as above.
  virtual absl::StatusOr<order::v1::EraseCustomerResponse> EraseCustomer(
      const rpc::Outgoing& outgoing, const order::v1::EraseCustomerRequest& request) = 0;
};

std::unique_ptr<OrderClient> MakeOrderClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_
