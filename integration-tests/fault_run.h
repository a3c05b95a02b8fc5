// Hurts a running suite as planned, under load, and measures how long it takes to come to rest.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_FAULT_RUN_H_
#define COUNTERSIGN_INTEGRATION_TESTS_FAULT_RUN_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "integration-tests/fault_plan.h"
#include "integration-tests/fault_workload.h"

namespace countersign::integration {

struct FaultReport {
  std::map<std::string, int> faults;         // How many of each kind.
  std::vector<absl::Duration> convergence;   // Of each round, from the end of its faults until every log was drained.
  std::vector<absl::Duration> first_change;  // Of each round with a command: from its end until a change succeeded.
  FaultWorkload::Tally tally;
  std::vector<std::string> broken;     // Invariants and answers that do not hold. Empty: all is well.
  std::vector<std::string> leftovers;  // See FindLeftovers.
};

struct FaultRunOptions {
  PlanOptions plan;
  int users = 6;
  absl::Duration drain = absl::ZeroDuration();        // Of the services.
  absl::Duration minutes = absl::InfiniteDuration();  // No new round begins after this.
  // A shell's command that hurts the database, and has healed it when it ends. Instead of the plan's faults, but so
  // many rounds. The services then reach every server of the database by themselves.
  std::string command = {};
};

// Needs COUNTERSIGN_TEST_DATABASE, and for faults of the database's process a server of its own on this machine.
absl::StatusOr<FaultReport> RunFaults(const FaultRunOptions& options);

// The share `part` (0.5, 0.99) of the durations are not longer than this; zero of none.
absl::Duration Percentile(std::vector<absl::Duration> durations, double part);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_FAULT_RUN_H_
