#include "integration-tests/process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace countersign::integration {
namespace {

// Below the ports that the kernel gives to outgoing connections (32768 and up), which would take one away in between.
constexpr int kFirstPort = 20000;
constexpr int kLastPort = 32000;

int Reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

absl::StatusOr<Process> Process::Start(const std::vector<std::string>& argv, const std::string& log_path) {
  // Everything that allocates happens before the fork: this process has threads.
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError(absl::StrCat("fork: ", std::strerror(errno)));
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // A test that crashes leaves nothing running.
    if (getppid() != parent) _exit(126);
    setpgid(0, 0);
    const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) _exit(126);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  return Process(pid);
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    Kill();
    pid_ = std::exchange(other.pid_, 0);
  }
  return *this;
}

Process::~Process() { Kill(); }

void Process::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Reap(std::exchange(pid_, 0));
}

int Process::Terminate() {
  if (pid_ == 0) return -1;
  kill(pid_, SIGTERM);
  return Reap(std::exchange(pid_, 0));
}

int Process::Wait() { return pid_ == 0 ? -1 : Reap(std::exchange(pid_, 0)); }

Answer RunProgram(const std::vector<std::string>& argv) {
  Answer answer;
  std::string path = (std::filesystem::temp_directory_path() / "countersign-output-XXXXXX").string();
  const int fd = mkstemp(path.data());
  if (fd < 0) return answer;
  close(fd);
  absl::StatusOr<Process> process = Process::Start(argv, path);
  if (process.ok()) answer.exit_code = process->Wait();
  std::ifstream file(path);
  answer.output.assign(std::istreambuf_iterator<char>(file), {});
  std::filesystem::remove(path);
  return answer;
}

int FreePort() {
  // Never closed: it marks the port as taken, for as long as this process lives, for every other FreePort.
  const int mark = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  absl::BitGen random;
  for (;;) {
    const int port = absl::Uniform(random, kFirstPort, kLastPort);
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    const auto take = [&](int fd) { return bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0; };
    const bool free = take(probe) && take(mark);
    close(probe);
    if (free) return port;
  }
}

}  // namespace countersign::integration
