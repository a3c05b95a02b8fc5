// What a run cost: the server's counters, processor time and memory of the processes.
#ifndef COUNTERSIGN_BENCHMARKS_MEASURE_H_
#define COUNTERSIGN_BENCHMARKS_MEASURE_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "integration-tests/suite.h"

namespace countersign::benchmarks {

int64_t ResidentMiB(pid_t pid);

// User and system time of a process so far; 0 where it is not there.
absl::Duration CpuOf(pid_t pid);

// Counters so far; the difference of two is what happened between them.
struct Usage {
  int64_t statements = 0;                     // SQL statements that the server was sent.
  int64_t prepares = 0;                       // Statements that it prepared, once for each session.
  int64_t commits = 0;                        // COMMITs.
  int64_t syncs = 0;                          // Syncs of the redo log: durable commits, autocommitted ones included.
  std::map<std::string, absl::Duration> cpu;  // By service, "database" and "callers" (this process).
};

Usage operator-(const Usage& later, const Usage& earlier);

// Errors: those of the connection.
absl::StatusOr<Usage> ReadUsage(mysql::Connection& admin, integration::Suite& suite);

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_MEASURE_H_
