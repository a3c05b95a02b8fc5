// A recording of the statements that one caller's orders sent to the database. This version can replay it, and a later
// one can replay it as a fixed yardstick.
#ifndef COUNTERSIGN_BENCHMARKS_RECORDING_H_
#define COUNTERSIGN_BENCHMARKS_RECORDING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "benchmarks/replay.h"
#include "common/mysql/connection.h"

namespace countersign::benchmarks {

struct Recording {
  std::vector<ReplayOrder> orders;
  std::vector<std::string> schemas;  // The state before the first order is in <schema>_before on the server.
};

// Copies every table of `from`, with its rows, to the schema `to`, which is dropped first.
absl::Status CopySchema(mysql::Connection& admin, const std::string& from, const std::string& to);

// Saves the recording and the state before it to a file. The file is a statement log (statement_log.h): its session is
// the schema's index, its time the order's number. The statements of order -1 create the state before.
absl::Status SaveRecording(mysql::Reader& admin, const Recording& recording, const std::string& path);

// Reads such a file, and makes the schemas <prefix>_<index>_before. Errors: those of ForEachStatement and of the
// server.
absl::StatusOr<Recording> LoadRecording(mysql::Connection& admin, const std::string& path, absl::string_view prefix);

// Drops the schemas that LoadRecording and BareOrdersPerSecond made.
absl::Status DropRecording(mysql::Connection& admin, const Recording& recording);

// Sends the orders from `callers` threads, repeatedly and on fresh copies of the state before, for at least 3 s.
// Returns orders per second.
absl::StatusOr<double> BareOrdersPerSecond(mysql::Connection& admin, const Recording& recording, int callers);

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_RECORDING_H_
