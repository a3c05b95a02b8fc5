// The dunning ladder: what happens how long after an invoice was due. Source of the rules: docs/domain.md, Dunning.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_DUNNING_LADDER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_DUNNING_LADDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// The states of an account on the ladder, from good to bad.
enum class DunningState { kClear, kReminded, kPastDue, kSuspended, kCancelled };

inline constexpr Named<DunningState> kDunningStates[] = {
    {DunningState::kClear, "CLEAR"},         {DunningState::kReminded, "REMINDED"},
    {DunningState::kPastDue, "PAST_DUE"},    {DunningState::kSuspended, "SUSPENDED"},
    {DunningState::kCancelled, "CANCELLED"},
};
inline absl::string_view NameOf(DunningState state) { return NameIn(kDunningStates, state); }

struct DunningRung {
  int64_t days = 0;  // After the due date.
  DunningState state = DunningState::kReminded;

  friend bool operator==(const DunningRung&, const DunningRung&) = default;
};

inline constexpr size_t kMaxDunningRungs = 10;
inline constexpr int64_t kMaxDunningDays = 365;

// One version, for invoices that fall due from its day until that of the next.
struct DunningLadder {
  Uuid id;
  Date effective_date;
  std::vector<DunningRung> rungs;  // In the order of their days.
  absl::Time create_time = {};
  static constexpr int64_t version = 1;  // It never changes.
};

Uuid DunningLadderId(Date effective_date);

// The fault of the rungs, for a violation; empty: none.
std::string ProblemOf(const std::vector<DunningRung>& rungs);

// OK for a version that can be added. Errors: ALREADY_EXISTS DUNNING_LADDER_EXISTS; FAILED_PRECONDITION
// DUNNING_LADDER_IN_THE_PAST (it begins tomorrow at the earliest).
absl::Status CheckNewLadder(const DunningLadder& ladder, const std::vector<DunningLadder>& ladders, Date today);

// The version for an invoice that fell due on `due_date`; null: none was in force.
const DunningLadder* LadderFor(const std::vector<DunningLadder>& ladders, Date due_date);

// How many of its rungs are due on `today`.
size_t RungsDue(const DunningLadder& ladder, Date due_date, Date today);

// "7:PAST_DUE,30:SUSPENDED", as it is stored. Error of RungsOf: INVALID_ARGUMENT.
std::string TextOf(const std::vector<DunningRung>& rungs);
absl::StatusOr<std::vector<DunningRung>> RungsOf(const std::string& text);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_DUNNING_LADDER_H_
