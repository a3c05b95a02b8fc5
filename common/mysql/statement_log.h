// Every statement of a process in a file, one JSON object a line: what was sent can be replayed by a benchmark and
// read by a test. It holds whatever is bound, so it is never on in production.
#ifndef COUNTERSIGN_COMMON_MYSQL_STATEMENT_LOG_H_
#define COUNTERSIGN_COMMON_MYSQL_STATEMENT_LOG_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/mysql/connection.h"

namespace countersign::mysql {

// One statement as it was sent.
struct LoggedStatement {
  int64_t time_ns = 0;  // The machine's monotonic clock: comparable between processes.
  int64_t session = 0;  // Which of the process's sessions sent it.
  std::string sql;
  std::vector<Parameter> parameters;
};

// The statement as its line in a log.
std::string LineOf(const LoggedStatement& statement);

// Thread-safe. Several processes may write to one file, and one that is killed leaves whole lines.
class StatementLog {
 public:
  // Appends to `path`. Error: INTERNAL when it cannot be opened.
  static absl::StatusOr<std::shared_ptr<StatementLog>> Open(const std::string& path);
  ~StatementLog();

  // A number for a session of this process.
  int64_t NewSession();

  void Record(int64_t session, absl::string_view sql, const std::vector<Parameter>& parameters);

 private:
  explicit StatementLog(int file) : file_(file) {}
  std::atomic<int64_t> sessions_ = 0;
  const int file_;
};

// Hands over what a log holds, in its order; a last line that was cut off is left out. Errors: NOT_FOUND,
// INVALID_ARGUMENT naming the line.
absl::Status ForEachStatement(const std::string& path, absl::FunctionRef<void(LoggedStatement)> use);

// The same, all at once.
absl::StatusOr<std::vector<LoggedStatement>> ReadStatementLog(const std::string& path);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_STATEMENT_LOG_H_
