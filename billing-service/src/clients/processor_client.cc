#include "billing-service/src/clients/processor_client.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "countersign/payment/v1/payment_processor.grpc.pb.h"

namespace countersign::billing {
namespace {

using ProcessorStub = payment::v1::PaymentProcessor::Stub;

class GrpcProcessorClient final : public ProcessorClient {
 public:
  GrpcProcessorClient(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout)
      : stub_(payment::v1::PaymentProcessor::NewStub(channel)), timeout_(timeout) {}

  absl::StatusOr<payment::v1::Charge> CreateCharge(const rpc::Outgoing& outgoing,
                                                   const payment::v1::CreateChargeRequest& request) override {
    return rpc::CallPeer(InTime(outgoing), *stub_, &ProcessorStub::CreateCharge, request);
  }
  absl::StatusOr<payment::v1::Charge> GetCharge(const rpc::Outgoing& outgoing,
                                                const payment::v1::GetChargeRequest& request) override {
    return rpc::CallPeer(InTime(outgoing), *stub_, &ProcessorStub::GetCharge, request);
  }
  absl::StatusOr<payment::v1::Charge> CancelCharge(const rpc::Outgoing& outgoing,
                                                   const payment::v1::CancelChargeRequest& request) override {
    return rpc::CallPeer(InTime(outgoing), *stub_, &ProcessorStub::CancelCharge, request);
  }

 private:
  rpc::Outgoing InTime(rpc::Outgoing outgoing) const {
    outgoing.deadline = std::min(outgoing.deadline, absl::Now() + timeout_);
    return outgoing;
  }

  const std::unique_ptr<ProcessorStub> stub_;
  const absl::Duration timeout_;
};

}  // namespace

std::unique_ptr<ProcessorClient> MakeProcessorClient(const std::shared_ptr<grpc::Channel>& channel,
                                                     absl::Duration timeout) {
  return std::make_unique<GrpcProcessorClient>(channel, timeout);
}

}  // namespace countersign::billing
