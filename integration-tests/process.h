// One program of ours as a child process: its own process group, its log in a file.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_PROCESS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace countersign::integration {

class Process {
 public:
  // Starts argv[0] with standard output and error appended to `log_path`. Error: INTERNAL with errno's text.
  static absl::StatusOr<Process> Start(const std::vector<std::string>& argv, const std::string& log_path);

  Process() = default;  // Not running.
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();  // Kills.

  pid_t pid() const { return pid_; }

  // SIGKILL, then reaps. Nothing when it does not run.
  void Kill();

  // SIGTERM, then reaps. The exit code, or -1 when a signal ended it.
  int Terminate();

  // Waits for it to end by itself; the exit code, or -1 when a signal ended it.
  int Wait();

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = 0;
};

// A program's output and exit code.
struct Answer {
  int exit_code = -1;  // -1: a signal ended it, or it could not be started.
  std::string output;  // Standard output and error together.
};
// Runs it to its end.
Answer RunProgram(const std::vector<std::string>& argv);

// A loopback port that nobody listened on a moment ago, and that no other FreePort gives while this process lives.
int FreePort();

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_PROCESS_H_
