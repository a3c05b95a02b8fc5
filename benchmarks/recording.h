// What one caller's orders sent to the database, kept so that it can be sent again: by this version, or by a later one
// as a yardstick that does not move.
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

// Every table of `from` with its rows as `to`, which is dropped first.
absl::Status CopySchema(mysql::Connection& admin, const std::string& from, const std::string& to);

// Keeps the recording in a file, with the state before. It is a statement log (statement_log.h) of which the session is
// the schema's index and the time the order's number; the statements of order -1 make the state before.
absl::Status SaveRecording(mysql::Reader& admin, const Recording& recording, const std::string& path);

// Reads such a file, and makes the schemas <prefix>_<index>_before. Errors: those of ForEachStatement and of the
// server.
absl::StatusOr<Recording> LoadRecording(mysql::Connection& admin, const std::string& path, absl::string_view prefix);

// Drops what was made of the recording on the server.
absl::Status DropRecording(mysql::Connection& admin, const Recording& recording);

// Sends the orders from `callers` threads, again and again on fresh copies of the state before, for 3 s at least, and
// gives orders per second.
absl::StatusOr<double> BareOrdersPerSecond(mysql::Connection& admin, const Recording& recording, int callers);

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_RECORDING_H_
