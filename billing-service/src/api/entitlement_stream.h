// One stream of WatchEntitlements.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_STREAM_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_STREAM_H_

#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/event_api/event_pump.h"
#include "common/rpc/call.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/entitlement_service.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace countersign::billing {

// Events come from the pump, a thread of ours makes entitlements of them (`work` asks for it), and gRPC writes these;
// the pump is asked for more when all are written. While the thread of ours is asked for or works, gRPC does not finish
// the stream, so that its context and request are there. Its methods never block.
class EntitlementStream final : public grpc::ServerWriteReactor<v1::EntitlementChange>, public event_api::FeedReader {
 public:
  using Hook = std::function<void(EntitlementStream*)>;

  // `forget` is called last, when gRPC is done with the stream, and may destroy it. The others must outlive it.
  EntitlementStream(const rpc::Endpoint& endpoint, event_api::EventPump& pump, grpc::CallbackServerContext& context,
                    const v1::WatchEntitlementsRequest& request, Hook work, Hook forget)
      : endpoint_(endpoint),
        pump_(pump),
        context_(context),
        request_(request),
        work_(std::move(work)),
        forget_(std::move(forget)) {}

  // For the thread of ours.
  grpc::CallbackServerContext& context() { return context_; }
  const v1::WatchEntitlementsRequest& request() const { return request_; }
  bool is_admitted() const;
  // The call of an admitted stream.
  rpc::Call call() const;
  // Decides whether the stream is admitted. Nothing is written or finished before.
  void Admitted(const grpc::Status& refusal, std::optional<rpc::Call> call);
  // The events to work on; none: it has ended meanwhile.
  std::vector<event_api::FeedItem> Events();
  // What they came to: to be written, or why the stream ends.
  void Worked(absl::Status status, std::vector<v1::EntitlementChange> changes);

  void Take(std::vector<event_api::FeedItem> items) override;
  void End(const absl::Status& status) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override { End(absl::CancelledError("The watcher has gone.")); }
  void OnDone() override;

 private:
  // Starts what is to be done next: a write or the end. Called after every change, without the lock.
  void Step();

  const rpc::Endpoint& endpoint_;
  event_api::EventPump& pump_;
  grpc::CallbackServerContext& context_;
  const v1::WatchEntitlementsRequest& request_;
  const Hook work_;
  const Hook forget_;

  mutable absl::Mutex mutex_;
  std::vector<event_api::FeedItem> events_ ABSL_GUARDED_BY(mutex_);
  std::deque<v1::EntitlementChange> queue_ ABSL_GUARDED_BY(mutex_);
  v1::EntitlementChange current_;  // Under gRPC's pen while writing_.
  bool admitting_ ABSL_GUARDED_BY(mutex_) = true;
  bool working_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> refusal_ ABSL_GUARDED_BY(mutex_);
  std::optional<rpc::Call> call_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_STREAM_H_
