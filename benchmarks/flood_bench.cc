// How much slower a well-behaved caller's calls become while another partner floods order-service: its latencies alone,
// then beside so many callers that wait for nothing. Quotas are off, so only the shares of calls and sessions protect.
//   flood_bench [--flood=100] [--rate=20] [--duration=10s]      COUNTERSIGN_TEST_DATABASE names the server
#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "integration-tests/fault_run.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

ABSL_FLAG(int, flood, 100, "Callers of the partner that floods, each with its next call at once.");
ABSL_FLAG(double, rate, 20, "Calls a second of the well-behaved caller.");
ABSL_FLAG(absl::Duration, duration, absl::Seconds(10), "How long each of the two runs lasts.");

namespace countersign::benchmarks {
namespace {

using integration::As;
using integration::Percentile;
using integration::Story;
using integration::Suite;

constexpr int kConnections = 8;  // Of the flood: more calls at once than one connection carries.

// Over a connection of the identity's own; the partner's API key says who calls.
grpc::Status CreateOrder(Suite& suite, const Story& story, const std::string& identity) {
  order::v1::CreateOrderRequest request;
  request.set_parent(story.partner);
  request.mutable_order()->set_customer(story.customer);
  request.mutable_order()->set_partner_of_record(story.partner);
  request.mutable_order()->set_currency_code("USD");
  order::v1::Order::Line& line = *request.mutable_order()->add_lines();
  line.set_offer(story.offer);
  line.set_quantity(story.seats);
  request.set_request_id(integration::NewRequestId());
  order::v1::Order reply;
  order::v1::OrderService::Stub stub(suite.channel(integration::Service::kOrder, identity));
  return stub.CreateOrder(As(story.partner).get(), request, &reply);
}

struct Run {
  std::vector<absl::Duration> latencies;  // From when the call was due.
  int failed = 0;
};

Run CallSteadily(Suite& suite, const Story& story) {
  Run run;
  absl::Mutex mutex;
  const absl::Duration between = absl::Seconds(1) / absl::GetFlag(FLAGS_rate);
  const absl::Time start = absl::Now();
  std::vector<std::thread> calls;
  for (absl::Time due = start; due < start + absl::GetFlag(FLAGS_duration); due += between) {
    absl::SleepFor(due - absl::Now());
    calls.emplace_back([&, due] {
      const bool ok = CreateOrder(suite, story, integration::kOperator).ok();
      const absl::Duration took = absl::Now() - due;
      absl::MutexLock lock(&mutex);
      run.failed += ok ? 0 : 1;
      run.latencies.push_back(took);
    });
  }
  for (std::thread& call : calls) call.join();
  return run;
}

void Print(const char* name, const Run& run) {
  std::cout << absl::StrFormat("%s: %d calls, %d failed, p50 %.1f ms, p99 %.1f ms\n", name, run.latencies.size(),
                               run.failed, absl::ToDoubleMilliseconds(Percentile(run.latencies, 0.5)),
                               absl::ToDoubleMilliseconds(Percentile(run.latencies, 0.99)));
}

absl::Status Main() {
  ASSIGN_OR_RETURN(const std::unique_ptr<Suite> suite, Suite::Start());
  Story steady(*suite);
  Story flooding(*suite);
  RETURN_IF_ERROR(steady.RunUntil("submit"));
  RETURN_IF_ERROR(flooding.RunUntil("submit"));
  CallSteadily(*suite, steady);  // Warm.
  const Run alone = CallSteadily(*suite, steady);
  Print("alone", alone);

  std::atomic<bool> stopped = false;
  std::atomic<int64_t> served = 0;
  std::atomic<int64_t> refused = 0;
  std::vector<std::thread> flood;
  for (int i = 0; i < absl::GetFlag(FLAGS_flood); ++i) {
    flood.emplace_back([&, identity = absl::StrCat("operators/flood", i % kConnections)] {
      while (!stopped) ++(CreateOrder(*suite, flooding, identity).ok() ? served : refused);
    });
  }
  const Run beside = CallSteadily(*suite, steady);
  stopped = true;
  for (std::thread& caller : flood) caller.join();
  Print("beside the flood", beside);
  std::cout << absl::StrFormat(
      "p99 ratio %.1f; of the flood %d calls were served and %d refused\n",
      absl::FDivDuration(Percentile(beside.latencies, 0.99), Percentile(alone.latencies, 0.99)), served.load(),
      refused.load());
  return beside.failed == 0 ? absl::OkStatus() : absl::InternalError("calls of the well-behaved caller failed");
}

}  // namespace
}  // namespace countersign::benchmarks

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = countersign::benchmarks::Main();
  if (!status.ok()) std::cerr << "flood_bench: " << status << "\n";
  return status.ok() ? 0 : 1;
}
