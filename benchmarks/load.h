// The main job as load: create, submit, open the page, confirm, until billing has followed.
#ifndef COUNTERSIGN_BENCHMARKS_LOAD_H_
#define COUNTERSIGN_BENCHMARKS_LOAD_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "benchmarks/completed_orders.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::benchmarks {

// The machine's monotonic clock, as statement logs have it.
int64_t MonotonicNs();

// Each a customer, with its partner. There are `count` partners, whose tenants spread over the log's buckets, and at
// least kCustomers customers, so that orders of one hot partner still have accounts of their own.
using Partners = std::vector<std::unique_ptr<integration::Story>>;
inline constexpr int kCustomers = 32;
absl::StatusOr<Partners> EnrolPartners(integration::Suite& suite, int count);

struct LoadOptions {
  int callers = 1;
  int orders = 0;  // How many in all; 0: for `duration`.
  absl::Duration duration = absl::Seconds(10);
  double rate = 0;  // Orders/s that arrive whether or not earlier ones are done; 0: each caller waits.
};

struct LoadResult {
  int orders = 0;
  double orders_per_s = 0;  // Not money: a rate for people.
  absl::Duration p50, p99;
  std::vector<int64_t> starts;  // MonotonicNs of each order's start, and of the end. Of one caller only.
};

// Errors: INTERNAL when an order failed; the first failure goes to stderr. With a rate, an order's time counts from
// when it was due, so that a caller who comes too late does not hide the wait.
absl::StatusOr<LoadResult> RunLoad(integration::Suite& suite, CompletedOrders& completed, const Partners& partners,
                                   const LoadOptions& options);

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_LOAD_H_
