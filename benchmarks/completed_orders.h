// Learns from order-service's feed which orders are COMPLETED, as a client would that has many of them on the way: one
// stream instead of a question for each order every few milliseconds.
#ifndef COUNTERSIGN_BENCHMARKS_COMPLETED_ORDERS_H_
#define COUNTERSIGN_BENCHMARKS_COMPLETED_ORDERS_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "integration-tests/suite.h"

namespace countersign::benchmarks {

// Thread-safe.
class CompletedOrders {
 public:
  // Follows the feed from now on. The suite must outlive it.
  explicit CompletedOrders(integration::Suite& suite);
  ~CompletedOrders();

  // Waits until the order ("partners/{partner}/orders/{order}") is COMPLETED. Error: DEADLINE_EXCEEDED after a minute.
  absl::Status Await(const std::string& order);

 private:
  void Follow();

  integration::Suite& suite_;
  absl::Mutex mutex_;
  // By the order's own id: until asked for, and who waits for it.
  absl::flat_hash_set<std::string> completed_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, absl::CondVar*> waiting_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::ClientContext> stream_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread follower_;
};

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_COMPLETED_ORDERS_H_
