// countersign-faults: a seeded workload against two replicas of each service, which it kills, stops, restarts and cuts
// off from each other and from the database. See `./dev faults --help`.
// Exit code 0: every answer that was given is true, every invariant holds, and every log came to its end.
#include <cstdint>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "integration-tests/fault_plan.h"
#include "integration-tests/fault_run.h"

ABSL_FLAG(uint64_t, seed, 1, "The same seed gives the same schedule of faults.");
ABSL_FLAG(int, faults, 200, "How many faults, five to a round; with --command, one.");
ABSL_FLAG(double, minutes, 0, "No round begins after so many minutes. 0: until all faults have happened.");
ABSL_FLAG(int, users, 6, "How many users call at the same time.");
ABSL_FLAG(bool, only_restarts, false, "Only rolling restarts, 16 of them, and no call may fail.");
ABSL_FLAG(double, drain_seconds, 0, "The services' --drain_seconds.");
ABSL_FLAG(std::string, command, "",
          "Instead of faults: a shell's command that hurts the database and has healed it when it ends, once a round.");
ABSL_FLAG(absl::Duration, converge_within, absl::InfiniteDuration(),
          "Exit code 1 if the p99 of the convergence is longer; 10s is the goal on a machine with nothing else to do.");
ABSL_FLAG(bool, plan, false, "Print the schedule and do nothing.");

namespace countersign::integration {
namespace {

constexpr int kFaultsPerRound = 5;
constexpr int kRestarts = 16;

int Main() {
  FaultRunOptions options;
  options.users = absl::GetFlag(FLAGS_users);
  options.drain = absl::Seconds(absl::GetFlag(FLAGS_drain_seconds));
  options.plan.seed = absl::GetFlag(FLAGS_seed);
  options.plan.faults_per_round = kFaultsPerRound;
  options.plan.only_restarts = absl::GetFlag(FLAGS_only_restarts);
  options.plan.rounds =
      options.plan.only_restarts ? kRestarts : (absl::GetFlag(FLAGS_faults) + kFaultsPerRound - 1) / kFaultsPerRound;
  options.command = absl::GetFlag(FLAGS_command);
  if (!options.command.empty()) options.plan.rounds = absl::GetFlag(FLAGS_faults);
  if (absl::GetFlag(FLAGS_minutes) > 0) options.minutes = absl::Minutes(absl::GetFlag(FLAGS_minutes));
  if (absl::GetFlag(FLAGS_plan)) {
    for (const Round& round : MakePlan(options.plan)) {
      for (const Fault& fault : round) std::cout << ToString(fault) << "\n";
      std::cout << "\n";
    }
    return 0;
  }
  const absl::StatusOr<FaultReport> report = RunFaults(options);
  if (!report.ok()) {
    std::cerr << "countersign-faults: " << report.status() << "\n";
    return 2;
  }
  int sum = 0;
  for (const auto& [kind, count] : report->faults) {
    std::cout << count << " " << kind << "\n";
    sum += count;
  }
  std::cout << sum << " faults, seed " << options.plan.seed << "; " << report->tally.acts << " acts, "
            << report->tally.stories << " stories to their end, of which " << report->tally.charged
            << " were charged and " << report->tally.erased << " erased\n";
  int failed_calls = 0;
  for (const auto& [act, count] : report->tally.failures) {
    std::cout << "failed " << count << " times: " << act << "\n";
    failed_calls += count;
  }
  const absl::Duration convergence = Percentile(report->convergence, 0.99);
  std::cout << "convergence p50 " << Percentile(report->convergence, 0.5) << ", p99 " << convergence << "\n";
  if (!report->first_change.empty()) {
    std::cout << "first change after a command p50 " << Percentile(report->first_change, 0.5) << ", longest "
              << Percentile(report->first_change, 1) << "; longest time without a change "
              << report->tally.longest_silence << "\n";
  }
  for (const std::string& sentence : report->leftovers) std::cout << "left over: " << sentence << "\n";
  for (const std::string& sentence : report->broken) std::cout << "BROKEN: " << sentence << "\n";
  const bool lost_calls = options.plan.only_restarts && failed_calls > 0;
  const bool too_late = convergence > absl::GetFlag(FLAGS_converge_within);
  if (too_late) std::cout << "too late: the goal is " << absl::GetFlag(FLAGS_converge_within) << "\n";
  return report->broken.empty() && !lost_calls && !too_late ? 0 : 1;
}

}  // namespace
}  // namespace countersign::integration

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return countersign::integration::Main();
}
