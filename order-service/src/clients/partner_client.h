// SellerService and PartnerService of partner-service, as order-service calls it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_PARTNER_CLIENT_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_PARTNER_CLIENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "countersign/partner/v1/seller_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::order {

// Thread-safe. Abstract, so that tests can fake the peer.
class PartnerClient {
 public:
  virtual ~PartnerClient() = default;

  // The partner as it stands and one of its customers. Errors: NOT_FOUND PARTNER_NOT_FOUND, CUSTOMER_NOT_FOUND;
  // UNAVAILABLE when partner-service is down.
  virtual absl::StatusOr<partner::v1::CheckSellerResponse> CheckSeller(
      const rpc::Outgoing& outgoing, const partner::v1::CheckSellerRequest& request) = 0;

  // Errors: NOT_FOUND PARTNER_NOT_FOUND; UNAVAILABLE when partner-service is down.
  virtual absl::StatusOr<partner::v1::Partner> GetPartner(const rpc::Outgoing& outgoing,
                                                          const partner::v1::GetPartnerRequest& request) = 0;
};

std::unique_ptr<PartnerClient> MakePartnerClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_PARTNER_CLIENT_H_
