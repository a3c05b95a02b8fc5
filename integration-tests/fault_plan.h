// Which faults happen when: a function of the seed.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_FAULT_PLAN_H_
#define COUNTERSIGN_INTEGRATION_TESTS_FAULT_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace countersign::integration {

enum class FaultKind {
  kKill,           // SIGKILL of a service, which is started again.
  kStop,           // SIGSTOP of a service, then SIGCONT.
  kRestart,        // SIGTERM of a service, which is started again.
  kCut,            // A wire's connections end.
  kSilence,        // A wire carries nothing.
  kDelay,          // A wire is slow.
  kLoseCommits,    // A service's wire to the database loses the answers to COMMIT.
  kKillSessions,   // The database ends a service's sessions.
  kReadOnly,       // The database refuses writes (1290).
  kStopDatabase,   // SIGSTOP of the database, then SIGCONT.
  kKillDatabase,   // SIGKILL of the database, which is started again.
  kKillProcessor,  // SIGKILL of the payment processor, which is started again.
  kClock,          // A service is started again with its clock an hour off, and then once more with the right one.
};

std::string NameOf(FaultKind kind);

struct Fault {
  FaultKind kind;
  uint64_t target = 0;                       // Which service or wire, modulo how many there are.
  uint64_t replica = 0;                      // Likewise.
  absl::Duration at = absl::ZeroDuration();  // Since the round's begin.
  absl::Duration lasts = absl::ZeroDuration();
};

std::string ToString(const Fault& fault);

// Faults whose times overlap, and then the system must come to rest.
using Round = std::vector<Fault>;

struct PlanOptions {
  uint64_t seed = 1;
  int rounds = 40;
  int faults_per_round = 5;
  bool only_restarts = false;  // One restart per round.
  bool with_database = true;   // Faults of the database's process.
};

std::vector<Round> MakePlan(const PlanOptions& options);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_FAULT_PLAN_H_
