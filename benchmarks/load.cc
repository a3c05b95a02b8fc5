#include "benchmarks/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"

namespace countersign::benchmarks {
namespace {

using integration::Story;
using integration::Suite;

// One order from create to COMPLETED, for a partner that is there already.
absl::Status OneOrder(Story& story, CompletedOrders& completed) {
  RETURN_IF_ERROR(story.CreateOrder());
  RETURN_IF_ERROR(story.Submit());
  RETURN_IF_ERROR(story.OpenPage());
  RETURN_IF_ERROR(story.Confirm());
  return completed.Await(story.order);
}

// Hands out the orders, each with the moment when it is due.
class Arrivals {
 public:
  explicit Arrivals(const LoadOptions& options) : options_(options), begin_(absl::Now()) {}

  struct Arrival {
    int number;
    absl::Time due;
  };
  std::optional<Arrival> Next() {
    const int number = next_++;
    const absl::Time now = absl::Now();
    if (options_.rate <= 0) {
      const bool over = options_.orders > 0 ? number >= options_.orders : now - begin_ >= options_.duration;
      return over ? std::nullopt : std::optional<Arrival>({number, now});
    }
    const absl::Time due = begin_ + absl::Seconds(number / options_.rate);
    if (due - begin_ >= options_.duration) return std::nullopt;
    absl::SleepFor(due - now);
    return Arrival{number, due};
  }
  absl::Duration elapsed() const { return absl::Now() - begin_; }

 private:
  const LoadOptions& options_;
  const absl::Time begin_;
  std::atomic<int> next_ = 0;
};

}  // namespace

int64_t MonotonicNs() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

absl::StatusOr<Partners> EnrolPartners(Suite& suite, int count) {
  Partners partners;
  for (int i = 0; i < std::max(count, kCustomers); ++i) {
    partners.push_back(std::make_unique<Story>(suite));
    Story& story = *partners.back();
    if (i < count) {
      RETURN_IF_ERROR(story.RunUntil("order"));
    } else {
      story.partner = partners[i % count]->partner;
      RETURN_IF_ERROR(story.AddCustomer());
    }
  }
  return partners;
}

absl::StatusOr<LoadResult> RunLoad(Suite& suite, CompletedOrders& completed, const Partners& partners,
                                   const LoadOptions& options) {
  absl::Mutex mutex;
  LoadResult result;
  std::vector<absl::Duration> latencies;
  std::atomic<int> failures = 0;
  Arrivals arrivals(options);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < options.callers; ++caller) {
    threads.emplace_back([&] {
      while (const std::optional<Arrivals::Arrival> arrival = arrivals.Next()) {
        Story story(suite);
        const Story& seller = *partners[arrival->number % partners.size()];
        story.partner = seller.partner;
        story.customer = seller.customer;
        const int64_t start = MonotonicNs();
        const absl::Status done = OneOrder(story, completed);
        if (!done.ok() && failures++ == 0) std::cerr << done << "\n";
        absl::MutexLock lock(&mutex);
        latencies.push_back(absl::Now() - arrival->due);
        if (options.callers == 1) result.starts.push_back(start);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::Duration elapsed = arrivals.elapsed();
  if (options.callers == 1) result.starts.push_back(MonotonicNs());
  if (failures > 0) return absl::InternalError(absl::StrCat(failures.load(), " orders failed"));
  if (latencies.empty()) return absl::InternalError("no order in this time");
  std::sort(latencies.begin(), latencies.end());
  result.orders = static_cast<int>(latencies.size());
  result.orders_per_s = result.orders / absl::ToDoubleSeconds(elapsed);
  result.p50 = latencies[latencies.size() / 2];
  result.p99 = latencies[std::min(latencies.size() - 1, latencies.size() * 99 / 100)];
  return result;
}

}  // namespace countersign::benchmarks
