#include "integration-tests/fault_plan.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace countersign::integration {
namespace {

constexpr uint64_t kRoundMs = 2'000;  // In which faults begin.
constexpr uint64_t kMaxLastsMs = 1'500;
constexpr absl::Duration kClockIsOff = absl::Seconds(3);  // Long enough for a service to start and to decide.

// How often each happens in relation to the others.
struct Weight {
  FaultKind kind;
  uint64_t weight;
};
constexpr Weight kWeights[] = {
    {FaultKind::kKill, 5},         {FaultKind::kStop, 4},          {FaultKind::kRestart, 3},
    {FaultKind::kCut, 8},          {FaultKind::kSilence, 6},       {FaultKind::kDelay, 4},
    {FaultKind::kKillSessions, 4}, {FaultKind::kReadOnly, 2},      {FaultKind::kStopDatabase, 2},
    {FaultKind::kKillDatabase, 1}, {FaultKind::kKillProcessor, 2}, {FaultKind::kClock, 1},
    {FaultKind::kLoseCommits, 4}};

bool IsOfTheDatabaseProcess(FaultKind kind) {
  return kind == FaultKind::kStopDatabase || kind == FaultKind::kKillDatabase || kind == FaultKind::kReadOnly;
}

// The standard's own distributions may differ from library to library; a remainder does not.
FaultKind Choose(std::mt19937_64& random, bool with_database) {
  uint64_t sum = 0;
  for (const Weight& weight : kWeights) {
    if (with_database || !IsOfTheDatabaseProcess(weight.kind)) sum += weight.weight;
  }
  uint64_t left = random() % sum;
  for (const Weight& weight : kWeights) {
    if (!with_database && IsOfTheDatabaseProcess(weight.kind)) continue;
    if (left < weight.weight) return weight.kind;
    left -= weight.weight;
  }
  return FaultKind::kCut;
}

}  // namespace

std::string NameOf(FaultKind kind) {
  switch (kind) {
    case FaultKind::kKill:
      return "kill";
    case FaultKind::kStop:
      return "stop";
    case FaultKind::kRestart:
      return "restart";
    case FaultKind::kCut:
      return "cut";
    case FaultKind::kSilence:
      return "silence";
    case FaultKind::kDelay:
      return "delay";
    case FaultKind::kLoseCommits:
      return "lose commits";
    case FaultKind::kKillSessions:
      return "kill sessions";
    case FaultKind::kReadOnly:
      return "read only";
    case FaultKind::kStopDatabase:
      return "stop database";
    case FaultKind::kKillDatabase:
      return "kill database";
    case FaultKind::kKillProcessor:
      return "kill processor";
    case FaultKind::kClock:
      return "clock";
  }
  return "";
}

std::string ToString(const Fault& fault) {
  return absl::StrCat(NameOf(fault.kind), " ", fault.target, ".", fault.replica, " at ",
                      absl::ToInt64Milliseconds(fault.at), " ms for ", absl::ToInt64Milliseconds(fault.lasts), " ms");
}

std::vector<Round> MakePlan(const PlanOptions& options) {
  std::mt19937_64 random(options.seed);
  std::vector<Round> plan(options.rounds);
  for (size_t round = 0; round < plan.size(); ++round) {
    if (options.only_restarts) {  // Each replica of each service in its turn, as a rolling update does.
      plan[round].push_back({.kind = FaultKind::kRestart,
                             .target = round / 2,
                             .replica = round % 2,
                             .at = absl::Milliseconds(random() % kRoundMs),
                             .lasts = absl::Milliseconds(100)});
      continue;
    }
    for (int i = 0; i < options.faults_per_round; ++i) {
      Fault fault{.kind = Choose(random, options.with_database)};
      fault.target = random() % 1'000;
      fault.replica = random() % 2;
      fault.at = absl::Milliseconds(random() % kRoundMs);
      fault.lasts = absl::Milliseconds(50 + random() % kMaxLastsMs);
      if (fault.kind == FaultKind::kClock) fault.lasts = kClockIsOff;
      plan[round].push_back(fault);
    }
  }
  return plan;
}

}  // namespace countersign::integration
