// countersign.payment.v1.PaymentProcessor for the sandbox: no money moves. The payment token says how it behaves:
//
//   decline                the charge is DECLINED, INSUFFICIENT_FUNDS
//   delay                  PENDING; the first GetCharge says so once more, the next one SUCCEEDED
//   late                   PENDING; the first GetCharge says SUCCEEDED
//   timeout-after-charge   the money is taken, and CreateCharge does not answer
//   twice                  the request arrives twice
//   gone                   CreateCharge is answered UNAVAILABLE, and nothing is booked
//   any other              SUCCEEDED
#ifndef COUNTERSIGN_SANDBOX_PROCESSOR_SRC_PROCESSOR_SERVICE_H_
#define COUNTERSIGN_SANDBOX_PROCESSOR_SRC_PROCESSOR_SERVICE_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "countersign/payment/v1/payment_processor.grpc.pb.h"
#include "sandbox-processor/src/book.h"

namespace countersign::sandbox_processor {

// Thread-safe. Serves services/billing-service alone.
class ProcessorService final : public payment::v1::PaymentProcessor::Service {
 public:
  explicit ProcessorService(Book& book) : book_(book) {}  // Must outlive the service.

  grpc::Status CreateCharge(grpc::ServerContext* context, const payment::v1::CreateChargeRequest* request,
                            payment::v1::Charge* reply) override;
  grpc::Status GetCharge(grpc::ServerContext* context, const payment::v1::GetChargeRequest* request,
                         payment::v1::Charge* reply) override;
  grpc::Status CancelCharge(grpc::ServerContext* context, const payment::v1::CancelChargeRequest* request,
                            payment::v1::Charge* reply) override;

 private:
  absl::StatusOr<BookedCharge> Create(const payment::v1::CreateChargeRequest& request);
  absl::StatusOr<BookedCharge> Get(const std::string& key);
  absl::StatusOr<BookedCharge> Cancel(const std::string& key);

  absl::Mutex mutex_;
  Book& book_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::sandbox_processor

#endif  // COUNTERSIGN_SANDBOX_PROCESSOR_SRC_PROCESSOR_SERVICE_H_
