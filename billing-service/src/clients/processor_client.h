// The calls of billing-service to the payment processor.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PROCESSOR_CLIENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PROCESSOR_CLIENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "countersign/payment/v1/payment_processor.pb.h"
#include "grpcpp/channel.h"

namespace countersign::billing {

// Thread-safe. Abstract, so that tests can replace the peer. Errors of every method: those of payment_processor.proto;
// UNAVAILABLE and DEADLINE_EXCEEDED when it cannot be reached or does not answer.
class ProcessorClient {
 public:
  virtual ~ProcessorClient() = default;
  virtual absl::StatusOr<payment::v1::Charge> CreateCharge(const rpc::Outgoing& outgoing,
                                                           const payment::v1::CreateChargeRequest& request) = 0;
  virtual absl::StatusOr<payment::v1::Charge> GetCharge(const rpc::Outgoing& outgoing,
                                                        const payment::v1::GetChargeRequest& request) = 0;
  virtual absl::StatusOr<payment::v1::Charge> CancelCharge(const rpc::Outgoing& outgoing,
                                                           const payment::v1::CancelChargeRequest& request) = 0;
};

// The name in the processor's certificate.
inline constexpr char kProcessorPeer[] = "payment-processor";

// `timeout` is how long a call may take, at most kDefaultPeerDeadline (common/rpc/channel.h).
std::unique_ptr<ProcessorClient> MakeProcessorClient(const std::shared_ptr<grpc::Channel>& channel,
                                                     absl::Duration timeout);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PROCESSOR_CLIENT_H_
