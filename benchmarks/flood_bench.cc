// How much slower a well-behaved caller's calls become while another partner floods order-service: its latencies alone,
// then beside so many callers that wait for nothing. Quotas are off, so only the shares of calls and sessions protect.
// The flood is a process of its own: with --nice=19 it takes the processor from nobody, which leaves what serving and
// refusing it costs.
//   flood_bench [--flood=100] [--rate=20] [--duration=10s] [--nice=0]   COUNTERSIGN_TEST_DATABASE names the server
#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmarks/flood_attack.h"
#include "benchmarks/measure.h"
#include "common/base/status_macros.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "integration-tests/fault_run.h"
#include "integration-tests/process.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

ABSL_FLAG(double, rate, 20, "Calls a second of the well-behaved caller.");
ABSL_FLAG(absl::Duration, duration, absl::Seconds(10), "How long each of the two runs lasts.");

namespace countersign::benchmarks {
namespace {

using integration::As;
using integration::NewRequestId;
using integration::Percentile;
using integration::Process;
using integration::Story;
using integration::Suite;

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
      order::v1::CreateOrderRequest request = RequestOf(story);
      request.set_request_id(NewRequestId());
      order::v1::Order reply;
      auto stub = suite.stub<order::v1::OrderService>();
      const bool ok = stub.CreateOrder(As(story.partner).get(), request, &reply).ok();
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

ptrdiff_t ThreadsOf(pid_t pid) {
  std::error_code error;
  return std::distance(std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/task"), error), {});
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

  const std::string log_path = suite->directory() + "/flood.log";
  ASSIGN_OR_RETURN(Process attack, StartAttack(*suite, flooding, log_path));
  absl::SleepFor(kLead);
  const pid_t server = suite->pid(integration::Service::kOrder);
  const absl::Duration before = CpuOf(server);
  const Run beside = CallSteadily(*suite, steady);
  const absl::Duration used = CpuOf(server) - before;
  const int64_t resident = ResidentMiB(server);
  const ptrdiff_t threads = ThreadsOf(server);
  Print("beside the flood", beside);
  attack.Wait();
  std::cout << TextOf(log_path);
  std::cout << absl::StrFormat("order-service: %.2f processors, %d MiB, %d threads\n",
                               absl::FDivDuration(used, absl::GetFlag(FLAGS_duration)), resident, threads);
  std::cout << absl::StrFormat(
      "p99 ratio %.1f\n", absl::FDivDuration(Percentile(beside.latencies, 0.99), Percentile(alone.latencies, 0.99)));
  return beside.failed == 0 ? absl::OkStatus() : absl::InternalError("calls of the well-behaved caller failed");
}

}  // namespace
}  // namespace countersign::benchmarks

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  if (countersign::benchmarks::IsAttack()) return countersign::benchmarks::Attack();
  const absl::Status status = countersign::benchmarks::Main();
  if (!status.ok()) std::cerr << "flood_bench: " << status << "\n";
  return status.ok() ? 0 : 1;
}
