// The calls of billing-service to order-service.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/activation_outcome_service.pb.h"
#include "countersign/order/v1/offer_service.pb.h"
#include "countersign/order/v1/price_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::billing {

// Thread-safe. Abstract, so that tests can replace the peer.
class OrderClient {
 public:
  virtual ~OrderClient() = default;

  // Tells how a parked activation ended. Idempotent. Errors: those of the method; UNAVAILABLE when order-service is
  // down.
  virtual absl::Status ApplyActivationOutcome(const rpc::Outgoing& outgoing,
                                              const order::v1::ApplyActivationOutcomeRequest& request) = 0;

  // Tells that a subscription is no longer as a waiting change found it. Idempotent. Errors: the same.
  virtual absl::Status ExpireWaitingChange(const rpc::Outgoing& outgoing,
                                           const order::v1::ExpireWaitingChangeRequest& request) = 0;

  // An offer of the catalogue. Errors: the same.
  virtual absl::StatusOr<order::v1::Offer> GetOffer(const rpc::Outgoing& outgoing,
                                                    const order::v1::GetOfferRequest& request) = 0;

  // The price that holds for a quantity on a day. Errors: the same.
  virtual absl::StatusOr<order::v1::ResolvePriceResponse> ResolvePrice(
      const rpc::Outgoing& outgoing, const order::v1::ResolvePriceRequest& request) = 0;
};

std::unique_ptr<OrderClient> MakeOrderClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_ORDER_CLIENT_H_
