#include "benchmarks/measure.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace countersign::benchmarks {
namespace {

constexpr absl::string_view kShowCounters =
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_commit', 'Innodb_os_log_fsyncs', "
    "'Innodb_data_fsyncs', 'Com_stmt_prepare')";

// The database server's process on this machine, 0 when it cannot be found.
pid_t ServerPid(mysql::Connection& connection) {
  const auto row = connection.QueryOne("SELECT @@pid_file", {});
  pid_t pid = 0;
  if (row.ok() && row->has_value()) std::ifstream((*row)->Bytes(0)) >> pid;
  return pid;
}

}  // namespace

// Source: proc(5), fields 14 and 15 of /proc/pid/stat.
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

int64_t ResidentMiB(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/statm"));
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

Usage operator-(const Usage& later, const Usage& earlier) {
  Usage difference = {.statements = later.statements - earlier.statements,
                      .prepares = later.prepares - earlier.prepares,
                      .commits = later.commits - earlier.commits,
                      .syncs = later.syncs - earlier.syncs,
                      .cpu = later.cpu};
  for (const auto& [name, used] : earlier.cpu) difference.cpu[name] -= used;
  return difference;
}

absl::StatusOr<Usage> ReadUsage(mysql::Connection& admin, integration::Suite& suite) {
  Usage usage;
  ASSIGN_OR_RETURN(const auto rows, admin.Query(kShowCounters, {}));
  for (const mysql::Row& row : rows) {
    int64_t value = 0;
    if (!absl::SimpleAtoi(row.Bytes(1), &value)) continue;
    if (row.Bytes(0) == "Questions") usage.statements = value;
    if (row.Bytes(0) == "Com_commit") usage.commits = value;
    if (row.Bytes(0) == "Com_stmt_prepare") usage.prepares = value;
    // MariaDB has only the sum of the log's and the data files'.
    if (absl::EndsWith(row.Bytes(0), "fsyncs")) usage.syncs = usage.syncs == 0 ? value : std::min(usage.syncs, value);
  }
  for (const integration::Service service : integration::kServices) {
    usage.cpu[integration::NameOf(service)] = CpuOf(suite.pid(service));
  }
  usage.cpu["database"] = CpuOf(ServerPid(admin));
  usage.cpu["callers"] = CpuOf(getpid());
  return usage;
}

}  // namespace countersign::benchmarks
