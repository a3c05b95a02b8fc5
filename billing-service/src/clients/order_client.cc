#include "billing-service/src/clients/order_client.h"

#include "common/rpc/channel.h"
#include "countersign/order/v1/activation_outcome_service.grpc.pb.h"
#include "countersign/order/v1/offer_service.grpc.pb.h"
#include "countersign/order/v1/price_service.grpc.pb.h"

namespace countersign::billing {
namespace {

class GrpcOrderClient final : public OrderClient {
 public:
  explicit GrpcOrderClient(const std::shared_ptr<grpc::Channel>& channel)
      : outcomes_(order::v1::ActivationOutcomeService::NewStub(channel)),
        offers_(order::v1::OfferService::NewStub(channel)),
        prices_(order::v1::PriceService::NewStub(channel)) {}

  absl::Status ExpireWaitingChange(const rpc::Outgoing& outgoing,
                                   const order::v1::ExpireWaitingChangeRequest& request) override {
    return rpc::CallPeer(outgoing, *outcomes_, &order::v1::ActivationOutcomeService::Stub::ExpireWaitingChange, request)
        .status();
  }

  absl::Status ApplyActivationOutcome(const rpc::Outgoing& outgoing,
                                      const order::v1::ApplyActivationOutcomeRequest& request) override {
    return rpc::CallPeer(outgoing, *outcomes_, &order::v1::ActivationOutcomeService::Stub::ApplyActivationOutcome,
                         request)
        .status();
  }

  absl::StatusOr<order::v1::Offer> GetOffer(const rpc::Outgoing& outgoing,
                                            const order::v1::GetOfferRequest& request) override {
    return rpc::CallPeer(outgoing, *offers_, &order::v1::OfferService::Stub::GetOffer, request);
  }

  absl::StatusOr<order::v1::ResolvePriceResponse> ResolvePrice(const rpc::Outgoing& outgoing,
                                                               const order::v1::ResolvePriceRequest& request) override {
    return rpc::CallPeer(outgoing, *prices_, &order::v1::PriceService::Stub::ResolvePrice, request);
  }

 private:
  const std::unique_ptr<order::v1::ActivationOutcomeService::Stub> outcomes_;
  const std::unique_ptr<order::v1::OfferService::Stub> offers_;
  const std::unique_ptr<order::v1::PriceService::Stub> prices_;
};

}  // namespace

std::unique_ptr<OrderClient> MakeOrderClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcOrderClient>(channel);
}

}  // namespace countersign::billing
