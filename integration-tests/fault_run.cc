#include "integration-tests/fault_run.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/testing/test_database.h"
#include "integration-tests/checker.h"
#include "integration-tests/process.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

constexpr absl::Duration kRestTimeout = absl::Seconds(90);
constexpr absl::Duration kLook = absl::Milliseconds(50);
constexpr absl::Duration kSlow = absl::Milliseconds(150);
constexpr size_t kSentAgain = 100;
constexpr absl::Duration kBeforeCommand = absl::Seconds(3);  // Under load.

// The database server's process, found by its own word.
class DatabaseProcess {
 public:
  explicit DatabaseProcess(std::string log_path) : log_path_(std::move(log_path)) {}

  absl::Status Find(mysql::Connection& connection) {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, connection.QueryOne("SELECT @@pid_file", {}));
    std::ifstream file(row.has_value() ? row->Bytes(0) : "");
    if (!(file >> pid_)) return absl::NotFoundError("the database server is not on this machine");
    std::ifstream line(absl::StrCat("/proc/", pid_, "/cmdline"), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(line), {}};
    argv_ = absl::StrSplit(text, '\0', absl::SkipEmpty());
    std::error_code error;
    argv_.at(0) = std::filesystem::read_symlink(absl::StrCat("/proc/", pid_, "/exe"), error).string();
    return error ? absl::NotFoundError("the database server cannot be seen") : absl::OkStatus();
  }

  // Neither dead nor stopped.
  bool is_there() const { return is_there_; }

  void Stop() { Signal(SIGSTOP), is_there_ = false; }
  void Continue() {
    if (!is_dead_) Signal(SIGCONT), is_there_ = true;
  }

  void Kill() {
    if (process_.pid() != 0) {
      process_.Kill();
    } else {
      kill(pid_, SIGKILL);
    }
    is_dead_ = true;
    is_there_ = false;
  }

  absl::Status StartAgain() {
    if (!std::exchange(is_dead_, false)) return absl::OkStatus();
    ASSIGN_OR_RETURN(process_, Process::Start(argv_, log_path_));
    is_there_ = true;
    return absl::OkStatus();
  }

 private:
  void Signal(int number) const { kill(process_.pid() != 0 ? process_.pid() : pid_, number); }

  const std::string log_path_;
  pid_t pid_ = 0;
  std::vector<std::string> argv_;
  Process process_;  // Once it was started again.
  bool is_dead_ = false;
  bool is_there_ = true;
};

class FaultRun {
 public:
  FaultRun(const FaultRunOptions& options, Suite& suite)
      : options_(options), suite_(suite), database_(suite.directory() + "/database.log") {}

  absl::StatusOr<FaultReport> Run() {
    if (options_.plan.with_database && options_.command.empty()) {
      ASSIGN_OR_RETURN(const auto connection, suite_.Database(Service::kPartner));
      RETURN_IF_ERROR(database_.Find(*connection));
    }
    const absl::Time end = absl::Now() + options_.minutes;
    FaultWorkload workload(suite_, options_.users);
    int number = 0;
    for (const Round& round : MakePlan(options_.plan)) {
      if (absl::Now() >= end) break;
      workload.Pause(false);
      const absl::Status hurt = options_.command.empty() ? Hurt(round) : RunCommand();
      RETURN_IF_ERROR(hurt);
      const absl::Time healed = absl::Now();
      if (!options_.command.empty()) {
        report_.first_change.push_back(workload.AwaitChange(healed));
        std::cout << "first change " << report_.first_change.back() << " later" << std::endl;
      }
      workload.Pause(true);
      if (options_.command.empty()) RETURN_IF_ERROR(EndReadOnly());
      RETURN_IF_ERROR(suite_.AwaitAllServing());
      const absl::Status rest = AwaitRest();
      report_.convergence.push_back(absl::Now() - healed);
      std::cout << "round " << ++number << ": " << report_.convergence.back() << std::endl;
      if (!rest.ok()) {
        report_.broken.push_back(absl::StrCat("after round ", number, ": ", rest.message()));
        for (const Fault& fault : round) report_.broken.push_back(absl::StrCat("  ", ToString(fault)));
        break;
      }
    }
    workload.Pause(false);
    workload.Stop();
    report_.tally = workload.tally();
    RETURN_IF_ERROR(Prove(workload));
    return std::move(report_);
  }

 private:
  struct Event {
    absl::Duration at;
    const Fault* fault;
    bool begins;
  };

  // Everything that the round has done is undone when this returns, but for a database that may still refuse writes.
  absl::Status Hurt(const Round& round) {
    std::vector<Event> events;
    for (const Fault& fault : round) {
      events.push_back({fault.at, &fault, true});
      events.push_back({fault.at + fault.lasts, &fault, false});
      ++report_.faults[NameOf(fault.kind)];
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
    const absl::Time start = absl::Now();
    for (const Event& event : events) {
      absl::SleepFor(start + event.at - absl::Now());
      RETURN_IF_ERROR(event.begins ? Begin(*event.fault) : End(*event.fault));
    }
    return absl::OkStatus();
  }

  absl::Status RunCommand() {
    ++report_.faults["command"];
    absl::SleepFor(kBeforeCommand);
    // As many commands as the one who gives them likes, so a shell. NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe)
    const int exit_code = std::system(options_.command.c_str());
    return exit_code == 0 ? absl::OkStatus() : absl::AbortedError("the command failed");
  }

  // The database may have been away when it was to be told.
  absl::Status EndReadOnly() {
    const absl::Time give_up = absl::Now() + kRestTimeout;
    absl::Status status = absl::UnknownError("not tried yet");
    while (!status.ok() && absl::Now() < give_up) {
      const absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = suite_.Database(Service::kPartner);
      status = connection.ok() ? (*connection)->Run("SET GLOBAL read_only = 0") : connection.status();
      if (!status.ok()) absl::SleepFor(kLook);
    }
    return status;
  }

  Service ServiceOf(const Fault& fault) const { return kServices.at(fault.target % kServices.size()); }
  Process& ProcessOf(const Fault& fault) const {
    return suite_.process(ServiceOf(fault), static_cast<int>(fault.replica));
  }
  TcpProxy& WireOf(const Fault& fault) const {
    auto wire = suite_.wires().begin();
    std::advance(wire, fault.target % suite_.wires().size());
    return *wire->second;
  }
  TcpProxy& DatabaseWireOf(const Fault& fault) const {
    return *suite_.wires().at(absl::StrCat(NameOf(ServiceOf(fault)), " to database"));
  }

  absl::Status Begin(const Fault& fault) {
    const pid_t pid = ProcessOf(fault).pid();
    switch (fault.kind) {
      case FaultKind::kKill:
        ProcessOf(fault).Kill();
        break;
      case FaultKind::kStop:
        if (pid != 0) kill(pid, SIGSTOP);
        break;
      case FaultKind::kRestart:
        if (pid != 0) kill(pid, SIGTERM);
        break;
      case FaultKind::kCut:
        WireOf(fault).Cut();
        break;
      case FaultKind::kSilence:
        WireOf(fault).SetSilent(true);
        break;
      case FaultKind::kDelay:
        WireOf(fault).SetDelay(kSlow);
        break;
      case FaultKind::kLoseCommits:
        DatabaseWireOf(fault).SetLosesCommits(true);
        break;
      case FaultKind::kKillSessions:
        return KillSessions(ServiceOf(fault));
      case FaultKind::kReadOnly:
        return Administer("SET GLOBAL read_only = 1");
      case FaultKind::kStopDatabase:
        database_.Stop();
        break;
      case FaultKind::kKillDatabase:
        database_.Kill();
        break;
      case FaultKind::kKillProcessor:
        suite_.KillProcessor();
        break;
      case FaultKind::kClock:
        return StartWithClock(fault, fault.target % 2 == 0 ? absl::Hours(1) : -absl::Hours(1));
    }
    return absl::OkStatus();
  }

  absl::Status End(const Fault& fault) {
    Process& process = ProcessOf(fault);
    switch (fault.kind) {
      case FaultKind::kKill:
        return process.pid() == 0 ? suite_.Launch(ServiceOf(fault), static_cast<int>(fault.replica)) : absl::OkStatus();
      case FaultKind::kStop:
        if (process.pid() != 0) kill(process.pid(), SIGCONT);
        break;
      case FaultKind::kRestart:
        if (process.pid() != 0) kill(process.pid(), SIGCONT);  // It may have been stopped meanwhile.
        if (process.pid() != 0 && process.Terminate() != 0) ++report_.tally.failures["a service's shutdown"];
        return suite_.Launch(ServiceOf(fault), static_cast<int>(fault.replica));
      case FaultKind::kSilence:
        WireOf(fault).SetSilent(false);
        break;
      case FaultKind::kDelay:
        WireOf(fault).SetDelay(absl::ZeroDuration());
        break;
      case FaultKind::kLoseCommits:
        DatabaseWireOf(fault).SetLosesCommits(false);
        break;
      case FaultKind::kReadOnly:
        return Administer("SET GLOBAL read_only = 0");
      case FaultKind::kStopDatabase:
        database_.Continue();
        break;
      case FaultKind::kKillDatabase:
        return database_.StartAgain();
      case FaultKind::kKillProcessor:
        suite_.KillProcessor();  // Two such faults may overlap.
        return suite_.StartProcessor();
      case FaultKind::kClock:
        return StartWithClock(fault, absl::ZeroDuration());
      case FaultKind::kCut:
      case FaultKind::kKillSessions:
        break;
    }
    return absl::OkStatus();
  }

  absl::Status StartWithClock(const Fault& fault, absl::Duration ahead) {
    ProcessOf(fault).Kill();
    suite_.SetClock(ServiceOf(fault), static_cast<int>(fault.replica), ahead);
    return suite_.Launch(ServiceOf(fault), static_cast<int>(fault.replica));
  }

  // As an administrator, directly. The database may just be stopped or dead, so an error is none.
  absl::Status Administer(const std::string& statement) {
    if (!database_.is_there()) return absl::OkStatus();
    const absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = suite_.Database(Service::kPartner);
    if (connection.ok()) (*connection)->Run(statement).IgnoreError();
    return absl::OkStatus();
  }

  absl::Status KillSessions(Service service) {
    return Administer(absl::StrCat("KILL USER '", suite_.schema(service), "'"));
  }

  absl::Status AwaitRest() {
    const absl::Time give_up = absl::Now() + kRestTimeout;
    absl::Status why = absl::UnknownError("not looked yet");
    while (absl::Now() < give_up) {
      const absl::StatusOr<bool> drained = LookAt<bool>([](const Schemas& schemas) { return IsDrained(schemas); });
      if (drained.ok() && *drained) return absl::OkStatus();
      why = drained.ok() ? absl::DeadlineExceededError("a log is not drained") : drained.status();
      absl::SleepFor(kLook);
    }
    return why;
  }

  template <typename Result, typename Look>
  absl::StatusOr<Result> LookAt(const Look& look) {
    std::map<Service, std::unique_ptr<mysql::Connection>> sessions;
    for (const Service service : kServices) {
      ASSIGN_OR_RETURN(sessions[service], suite_.Database(service));
    }
    return look(Schemas{sessions[Service::kPartner].get(), sessions[Service::kOrder].get(),
                        sessions[Service::kLink].get(), sessions[Service::kBilling].get(), suite_.processor_book()});
  }

  absl::Status Prove(FaultWorkload& workload) {
    absl::StatusOr<std::vector<std::string>> broken = absl::AbortedError("");
    const absl::Time give_up = absl::Now() + kRestTimeout;
    while (absl::IsAborted(broken.status()) && absl::Now() < give_up) {
      if (const absl::Status rest = AwaitRest(); !rest.ok()) {
        report_.broken.push_back(absl::StrCat("at the end: ", rest.message()));
        break;
      }
      broken = LookAt<std::vector<std::string>>([](const Schemas& schemas) { return FindBrokenInvariants(schemas); });
    }
    if (broken.ok()) report_.broken.insert(report_.broken.end(), broken->begin(), broken->end());
    if (!broken.ok()) report_.broken.push_back(std::string(broken.status().message()));
    for (std::string& sentence : workload.FindUntrue(kSentAgain)) report_.broken.push_back(std::move(sentence));
    ASSIGN_OR_RETURN(report_.leftovers,
                     LookAt<std::vector<std::string>>([](const Schemas& schemas) { return FindLeftovers(schemas); }));
    return absl::OkStatus();
  }

  const FaultRunOptions& options_;
  Suite& suite_;
  DatabaseProcess database_;
  FaultReport report_;
};

}  // namespace

absl::StatusOr<FaultReport> RunFaults(const FaultRunOptions& options) {
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Suite> suite,
      Suite::Start(
          {.replicas = 2, .proxies = true, .database_proxies = options.command.empty(), .drain = options.drain}));
  FaultRun run(options, *suite);
  return run.Run();
}

absl::Duration Percentile(std::vector<absl::Duration> durations, double part) {
  if (durations.empty()) return absl::ZeroDuration();
  std::sort(durations.begin(), durations.end());
  const size_t rank = static_cast<size_t>(part * static_cast<double>(durations.size()));
  return durations[std::min(rank, durations.size() - 1)];
}

}  // namespace countersign::integration
