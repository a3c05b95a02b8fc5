// The main job under load, through the real binaries: closed loop of create, submit, page GET and confirm POST, until
// billing has followed; then the same SQL again by a bare connector loop. R = orders/s through the services ÷ orders/s
// of the bare SQL: what everything above SQL leaves of the database's speed.
//   main_job_bench [--callers=1,8,32] [--orders=200]      COUNTERSIGN_TEST_DATABASE names the server
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmarks/replay.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/server_url.h"
#include "common/mysql/statement_log.h"
#include "common/testing/test_database.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

ABSL_FLAG(std::vector<std::string>, callers, std::vector<std::string>({"1", "8", "32"}),
          "Closed-loop callers per run.");
ABSL_FLAG(int, orders, 200, "Orders per run with one caller; runs with more callers take three times as many.");

namespace countersign::benchmarks {
namespace {

using integration::kServices;
using integration::NameOf;
using integration::Service;
using integration::Story;
using integration::Suite;

int64_t MonotonicNs() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

// User and system time of a process so far. Source: proc(5), fields 14 and 15 of /proc/pid/stat.
absl::Duration CpuOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string stat;
  std::getline(file, stat);
  const std::vector<std::string> fields = absl::StrSplit(stat.substr(std::min(stat.size(), stat.rfind(')') + 2)), ' ');
  if (fields.size() < 13) return absl::ZeroDuration();
  int64_t user = 0;
  int64_t system = 0;
  if (!absl::SimpleAtoi(fields[11], &user) || !absl::SimpleAtoi(fields[12], &system)) return absl::ZeroDuration();
  return absl::Seconds(1) * (user + system) / sysconf(_SC_CLK_TCK);
}

int64_t ResidentKb(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/statm"));
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

struct ServerCounters {
  int64_t statements = 0;
  int64_t commits = 0;
};

absl::StatusOr<ServerCounters> ReadCounters(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_commit')", {}));
  ServerCounters counters;
  for (const mysql::Row& row : rows) {
    int64_t value = 0;
    if (!absl::SimpleAtoi(row.Bytes(1), &value)) continue;
    (row.Bytes(0) == "Questions" ? counters.statements : counters.commits) = value;
  }
  return counters;
}

// The database server's process on this machine, 0 when it cannot be found.
pid_t ServerPid(mysql::Connection& connection) {
  const auto row = connection.QueryOne("SELECT @@pid_file", {});
  pid_t pid = 0;
  if (row.ok() && row->has_value()) std::ifstream((*row)->Bytes(0)) >> pid;
  return pid;
}

struct RunResult {
  double orders_per_s = 0;  // Not money: a rate for people.
  absl::Duration p50, p99;
  std::vector<int64_t> starts;  // MonotonicNs of each order's start, and of the end.
};

// One order from create to COMPLETED, for a partner that is there already.
absl::Status OneOrder(Story& story) {
  RETURN_IF_ERROR(story.CreateOrder());
  RETURN_IF_ERROR(story.Submit());
  RETURN_IF_ERROR(story.OpenPage());
  RETURN_IF_ERROR(story.Confirm());
  return story.AwaitCompleted();
}

// Several partners with a customer each, as a vendor has them: the tenants spread over the log's buckets.
using Partners = std::vector<std::unique_ptr<Story>>;
absl::StatusOr<Partners> EnrolPartners(Suite& suite) {
  Partners partners;
  for (int i = 0; i < 32; ++i) {
    partners.push_back(std::make_unique<Story>(suite));
    RETURN_IF_ERROR(partners.back()->RunUntil("order"));
  }
  return partners;
}

absl::StatusOr<RunResult> RunLoad(Suite& suite, const Partners& partners, int callers, int orders) {
  std::vector<absl::Duration> latencies(orders);
  RunResult result;
  result.starts.resize(callers == 1 ? orders : 0);
  std::atomic<int> next = 0;
  std::atomic<int> failures = 0;
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&] {
      for (int i = next++; i < orders; i = next++) {
        Story story(suite);
        story.partner = partners[i % partners.size()]->partner;
        story.customer = partners[i % partners.size()]->customer;
        if (callers == 1) result.starts[i] = MonotonicNs();
        const absl::Time start = absl::Now();
        const absl::Status done = OneOrder(story);
        latencies[i] = absl::Now() - start;
        if (!done.ok() && failures++ == 0) std::cerr << done << "\n";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::Duration elapsed = absl::Now() - begin;
  if (callers == 1) result.starts.push_back(MonotonicNs());
  if (failures > 0) return absl::InternalError(absl::StrCat(failures.load(), " orders failed"));
  std::sort(latencies.begin(), latencies.end());
  result.orders_per_s = orders / absl::ToDoubleSeconds(elapsed);
  result.p50 = latencies[orders / 2];
  result.p99 = latencies[std::min<size_t>(orders - 1, orders * 99 / 100)];
  return result;
}

// Every table of `from` with its rows as `to`, which is dropped first.
absl::Status CopySchema(mysql::Connection& connection, const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(connection.Run(absl::StrCat("DROP DATABASE IF EXISTS ", to)));
  RETURN_IF_ERROR(connection.Run(absl::StrCat("CREATE DATABASE ", to)));
  ASSIGN_OR_RETURN(const auto tables, connection.Query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE "
                                                       "TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
                                                       {from}));
  for (const mysql::Row& row : tables) {
    const std::string& table = row.Bytes(0);
    RETURN_IF_ERROR(connection.Run(absl::StrCat("CREATE TABLE ", to, ".", table, " LIKE ", from, ".", table)));
    RETURN_IF_ERROR(
        connection.Run(absl::StrCat("INSERT INTO ", to, ".", table, " SELECT * FROM ", from, ".", table)));  // A copy.
  }
  return absl::OkStatus();
}

// A run with one caller whose statements were recorded, and the state of the schemas before it.
struct Recording {
  std::vector<ReplayOrder> orders;
  std::vector<std::string> schemas;  // As the services had them; the state before is in <schema>_before.
};

absl::StatusOr<Recording> Record(mysql::Connection& admin, Suite& suite, int orders) {
  Recording recording;
  ASSIGN_OR_RETURN(const Partners partners, EnrolPartners(suite));
  RETURN_IF_ERROR(RunLoad(suite, partners, 1, 20).status());  // Warm: statements prepared, pools filled.
  for (const Service service : kServices) {
    recording.schemas.push_back(suite.schema(service));
    RETURN_IF_ERROR(CopySchema(admin, suite.schema(service), suite.schema(service) + "_before"));
  }
  ASSIGN_OR_RETURN(const RunResult run, RunLoad(suite, partners, 1, orders));
  std::vector<std::vector<mysql::LoggedStatement>> logs;
  for (const Service service : kServices) {
    ASSIGN_OR_RETURN(auto log, mysql::ReadStatementLog(suite.StatementLogPath(service)));
    logs.push_back(std::move(log));
  }
  recording.orders = SplitIntoOrders(logs, run.starts);
  return recording;
}

absl::StatusOr<double> BareOrdersPerSecond(mysql::Connection& admin, const Recording& recording, int callers) {
  std::vector<std::string> urls;
  for (const std::string& schema : recording.schemas) {
    RETURN_IF_ERROR(CopySchema(admin, schema + "_before", schema + "_replay"));
    urls.push_back(mysql::WithSchema(testing::TestServerOptions().url, schema + "_replay"));
  }
  ASSIGN_OR_RETURN(const ReplayResult result, Replay(recording.orders, urls, callers));
  if (result.failed_statements > 0) std::cerr << "replay: " << result.failed_statements << " statements failed\n";
  return static_cast<double>(recording.orders.size()) / absl::ToDoubleSeconds(result.elapsed);
}

absl::Status Bench() {
  const int orders = absl::GetFlag(FLAGS_orders);
  ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> admin, mysql::Connect(testing::TestServerOptions()));
  std::cerr << "recording the statements of " << orders << " orders …\n";
  ASSIGN_OR_RETURN(std::unique_ptr<Suite> recorded, Suite::Start(/*log_statements=*/true));
  ASSIGN_OR_RETURN(const Recording recording, Record(*admin, *recorded, orders));
  for (const Service service : kServices) recorded->Terminate(service);

  ASSIGN_OR_RETURN(const std::unique_ptr<Suite> suite, Suite::Start());
  for (const Service service : kServices) {
    absl::PrintF("%s-service at rest: %d MiB\n", NameOf(service), ResidentKb(suite->pid(service)) / 1024);
  }
  const pid_t server = ServerPid(*admin);
  absl::PrintF("%8s %9s %8s %8s %11s %9s %10s %6s   CPU ms/order\n", "callers", "orders/s", "p50 ms", "p99 ms",
               "stmts/order", "commits", "bare SQL/s", "R");
  ASSIGN_OR_RETURN(const Partners partners, EnrolPartners(*suite));
  RETURN_IF_ERROR(RunLoad(*suite, partners, 1, 20).status());
  for (const std::string& text : absl::GetFlag(FLAGS_callers)) {
    int callers = 0;
    if (!absl::SimpleAtoi(text, &callers) || callers < 1) return absl::InvalidArgumentError("--callers");
    const int count = callers == 1 ? orders : 3 * orders;
    std::map<std::string, absl::Duration> cpu;
    const auto measure_cpu = [&](int sign) {
      for (const Service service : kServices) cpu[NameOf(service)] += sign * CpuOf(suite->pid(service));
      cpu["database"] += sign * CpuOf(server);
      cpu["callers"] += sign * CpuOf(getpid());
    };
    ASSIGN_OR_RETURN(const ServerCounters before, ReadCounters(*admin));
    measure_cpu(-1);
    ASSIGN_OR_RETURN(const RunResult run, RunLoad(*suite, partners, callers, count));
    measure_cpu(+1);
    ASSIGN_OR_RETURN(const ServerCounters after, ReadCounters(*admin));
    ASSIGN_OR_RETURN(const double bare, BareOrdersPerSecond(*admin, recording, callers));
    absl::PrintF("%8d %9.1f %8.1f %8.1f %11.1f %9.1f %10.1f %6.3f  ", callers, run.orders_per_s,
                 absl::ToDoubleMilliseconds(run.p50), absl::ToDoubleMilliseconds(run.p99),
                 1.0 * (after.statements - before.statements) / count, 1.0 * (after.commits - before.commits) / count,
                 bare, run.orders_per_s / bare);
    for (const auto& [name, used] : cpu) absl::PrintF(" %s %.1f", name, absl::ToDoubleMilliseconds(used) / count);
    absl::PrintF("\n");
    std::cout << std::flush;
  }
  for (const std::string& schema : recording.schemas) {
    RETURN_IF_ERROR(admin->Run(absl::StrCat("DROP DATABASE IF EXISTS ", schema, "_before")));
    RETURN_IF_ERROR(admin->Run(absl::StrCat("DROP DATABASE IF EXISTS ", schema, "_replay")));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace countersign::benchmarks

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = countersign::benchmarks::Bench();
  if (!status.ok()) std::cerr << "main_job_bench: " << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
