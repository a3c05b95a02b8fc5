#include "billing-service/src/clients/processor_client.h"

#include "common/rpc/channel.h"
#include "countersign/payment/v1/payment_processor.grpc.pb.h"

namespace countersign::billing {
namespace {

using ProcessorStub = payment::v1::PaymentProcessor::Stub;

class GrpcProcessorClient final : public ProcessorClient {
 public:
  explicit GrpcProcessorClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(payment::v1::PaymentProcessor::NewStub(channel)) {}

  absl::StatusOr<payment::v1::Charge> CreateCharge(const rpc::Outgoing& outgoing,
                                                   const payment::v1::CreateChargeRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &ProcessorStub::CreateCharge, request);
  }
  absl::StatusOr<payment::v1::Charge> GetCharge(const rpc::Outgoing& outgoing,
                                                const payment::v1::GetChargeRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &ProcessorStub::GetCharge, request);
  }
  absl::StatusOr<payment::v1::Charge> CancelCharge(const rpc::Outgoing& outgoing,
                                                   const payment::v1::CancelChargeRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &ProcessorStub::CancelCharge, request);
  }

 private:
  const std::unique_ptr<ProcessorStub> stub_;
};

}  // namespace

std::unique_ptr<ProcessorClient> MakeProcessorClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcProcessorClient>(channel);
}

}  // namespace countersign::billing
