// The main job under load, through the real binaries, over TLS: create, submit, page GET and confirm POST, until
// billing has followed. With --recording, the SQL of another version's orders by a bare connector loop: R = orders/s
// through the services ÷ orders/s of the bare SQL. With --replay, the same with this version's own SQL.
//   main_job_bench [--callers=1,32,128] [--duration=10s] [--open=RATE] [--partners=32] [--recording=FILE]
//   main_job_bench --replay=ORDERS [--save=FILE]
//   main_job_bench --statements=CALLERS      COUNTERSIGN_TEST_DATABASE names the server
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "benchmarks/completed_orders.h"
#include "benchmarks/load.h"
#include "benchmarks/measure.h"
#include "benchmarks/recording.h"
#include "benchmarks/replay.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/statement_log.h"
#include "common/testing/test_database.h"
#include "integration-tests/suite.h"

ABSL_FLAG(std::vector<std::string>, callers, std::vector<std::string>({"1", "8", "32", "128"}),
          "Closed-loop callers per run.");
ABSL_FLAG(absl::Duration, duration, absl::Seconds(10), "How long a run lasts.");
ABSL_FLAG(double, open, 0,
          "Orders/s that arrive whether or not earlier ones are done; --callers is then how many may be under way.");
ABSL_FLAG(int, partners, 32, "How many partners sell: 1 is one hot partner.");
ABSL_FLAG(int, replay, 0, "Records this many orders of one caller, and sends their SQL again by a bare loop.");
ABSL_FLAG(std::string, save, "", "A file in which to keep what --replay recorded.");
ABSL_FLAG(std::string, recording, "", "A file that --save wrote, whose SQL is sent by a bare loop.");
ABSL_FLAG(int, statements, 0,
          "Of this many callers: prints how often the services send each statement for an order, and ends.");

namespace countersign::benchmarks {
namespace {

using integration::kServices;
using integration::NameOf;
using integration::Service;
using integration::Suite;

constexpr absl::Duration kWarmUp = absl::Seconds(3);  // Statements prepared, pools filled, leases taken.

// A suite with its partners enrolled, warm.
struct Bench {
  std::unique_ptr<Suite> suite;
  std::unique_ptr<CompletedOrders> completed;
  Partners partners;

  absl::StatusOr<LoadResult> Run(const LoadOptions& options) const {
    return RunLoad(*suite, *completed, partners, options);
  }
};

absl::StatusOr<Bench> StartBench(bool log_statements, int callers) {
  Bench bench;
  ASSIGN_OR_RETURN(bench.suite, Suite::Start({.log_statements = log_statements}));
  bench.completed = std::make_unique<CompletedOrders>(*bench.suite);
  ASSIGN_OR_RETURN(bench.partners, EnrolPartners(*bench.suite, absl::GetFlag(FLAGS_partners)));
  RETURN_IF_ERROR(bench.Run({.callers = callers, .duration = kWarmUp}).status());
  return bench;
}

absl::StatusOr<std::vector<std::vector<mysql::LoggedStatement>>> ReadLogs(const Suite& suite) {
  std::vector<std::vector<mysql::LoggedStatement>> logs;
  for (const Service service : kServices) {
    ASSIGN_OR_RETURN(auto log, mysql::ReadStatementLog(suite.StatementLogPath(service)));
    logs.push_back(std::move(log));
  }
  return logs;
}

// A run with one caller whose statements were recorded.
absl::StatusOr<Recording> Record(mysql::Connection& admin, int orders) {
  std::cerr << "recording the statements of " << orders << " orders …\n";
  Recording recording;
  ASSIGN_OR_RETURN(const Bench bench, StartBench(/*log_statements=*/true, /*callers=*/1));
  for (const Service service : kServices) {
    recording.schemas.push_back(bench.suite->schema(service));
    RETURN_IF_ERROR(CopySchema(admin, recording.schemas.back(), recording.schemas.back() + "_before"));
  }
  ASSIGN_OR_RETURN(const LoadResult run, bench.Run({.callers = 1, .orders = orders}));
  ASSIGN_OR_RETURN(const auto logs, ReadLogs(*bench.suite));
  recording.orders = SplitIntoOrders(logs, run.starts);
  return recording;
}

// How often each statement was sent for an order, the most frequent first.
absl::Status PrintStatements(int callers) {
  ASSIGN_OR_RETURN(const Bench bench, StartBench(/*log_statements=*/true, callers));
  const int64_t begin = MonotonicNs();
  ASSIGN_OR_RETURN(const LoadResult run, bench.Run({.callers = callers, .duration = absl::GetFlag(FLAGS_duration)}));
  const int64_t end = MonotonicNs();
  ASSIGN_OR_RETURN(const auto logs, ReadLogs(*bench.suite));
  std::map<std::string, int> count;
  int all = 0;
  for (size_t i = 0; i < logs.size(); ++i) {
    for (const mysql::LoggedStatement& statement : logs[i]) {
      if (statement.time_ns < begin || statement.time_ns >= end) continue;
      ++all;
      ++count[absl::StrCat(NameOf(kServices[i]), "\t", statement.sql.substr(0, 160))];
    }
  }
  std::vector<std::pair<int, std::string>> by_count;
  for (const auto& [sql, times] : count) by_count.emplace_back(times, sql);
  std::sort(by_count.rbegin(), by_count.rend());
  absl::PrintF("%7.2f statements an order, of %d orders\n", 1.0 * all / run.orders, run.orders);
  for (const auto& [times, sql] : by_count) absl::PrintF("%7.2f %s\n", 1.0 * times / run.orders, sql);
  return absl::OkStatus();
}

void PrintHead() {
  absl::PrintF("%8s %9s %8s %8s %11s %9s %9s %7s %10s %6s   CPU ms/order\n", "callers", "orders/s", "p50 ms", "p99 ms",
               "stmts/order", "prepares", "commits", "syncs", "bare SQL/s", "R");
}

void PrintRun(int callers, const LoadResult& run, const Usage& used, std::optional<double> bare) {
  absl::PrintF("%8d %9.1f %8.1f %8.1f %11.1f %9.2f %9.2f %7.2f", callers, run.orders_per_s,
               absl::ToDoubleMilliseconds(run.p50), absl::ToDoubleMilliseconds(run.p99),
               1.0 * used.statements / run.orders, 1.0 * used.prepares / run.orders, 1.0 * used.commits / run.orders,
               1.0 * used.syncs / run.orders);
  if (bare.has_value()) {
    absl::PrintF(" %10.1f %6.2f  ", *bare, run.orders_per_s / *bare);
  } else {
    absl::PrintF(" %10s %6s  ", "-", "-");
  }
  for (const auto& [name, cpu] : used.cpu) {
    absl::PrintF(" %s %.1f", name, absl::ToDoubleMilliseconds(cpu) / run.orders);
  }
  absl::PrintF("\n");
  std::cout << std::flush;
}

void PrintMemory(Suite& suite, absl::string_view when) {
  absl::PrintF("resident memory %s, MiB:", when);
  for (const Service service : kServices) absl::PrintF(" %s %d", NameOf(service), ResidentMiB(suite.pid(service)));
  absl::PrintF("\n");
}

absl::Status RunAll() {
  if (const int callers = absl::GetFlag(FLAGS_statements); callers > 0) return PrintStatements(callers);
  ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> admin, mysql::Connect(testing::TestServerOptions()));
  std::optional<Recording> recording;
  if (const int orders = absl::GetFlag(FLAGS_replay); orders > 0) {
    ASSIGN_OR_RETURN(recording, Record(*admin, orders));
    if (const std::string path = absl::GetFlag(FLAGS_save); !path.empty()) {
      RETURN_IF_ERROR(SaveRecording(*admin, *recording, path));
    }
  } else if (const std::string path = absl::GetFlag(FLAGS_recording); !path.empty()) {
    ASSIGN_OR_RETURN(recording, LoadRecording(*admin, path, "countersign_recording"));
  }
  ASSIGN_OR_RETURN(const Bench bench, StartBench(/*log_statements=*/false, /*callers=*/8));
  PrintMemory(*bench.suite, "after the warm-up");
  PrintHead();
  for (const std::string& text : absl::GetFlag(FLAGS_callers)) {
    int callers = 0;
    if (!absl::SimpleAtoi(text, &callers) || callers < 1) return absl::InvalidArgumentError("--callers");
    ASSIGN_OR_RETURN(const Usage before, ReadUsage(*admin, *bench.suite));
    ASSIGN_OR_RETURN(
        const LoadResult run,
        bench.Run({.callers = callers, .duration = absl::GetFlag(FLAGS_duration), .rate = absl::GetFlag(FLAGS_open)}));
    ASSIGN_OR_RETURN(const Usage after, ReadUsage(*admin, *bench.suite));
    std::optional<double> bare;
    if (recording.has_value()) {
      ASSIGN_OR_RETURN(bare, BareOrdersPerSecond(*admin, *recording, callers));
    }
    PrintRun(callers, run, after - before, bare);
  }
  PrintMemory(*bench.suite, "after the load");
  return recording.has_value() ? DropRecording(*admin, *recording) : absl::OkStatus();
}

}  // namespace
}  // namespace countersign::benchmarks

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = countersign::benchmarks::RunAll();
  if (!status.ok()) std::cerr << "main_job_bench: " << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
