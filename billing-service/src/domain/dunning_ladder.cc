#include "billing-service/src/domain/dunning_ladder.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "billing-service/src/domain/new_version.h"

namespace countersign::billing {

Uuid DunningLadderId(Date effective_date) { return Uuid::Derived({"dunning ladder", FormatDate(effective_date)}); }

std::string ProblemOf(const std::vector<DunningRung>& rungs) {
  if (rungs.empty() || rungs.size() > kMaxDunningRungs) return absl::StrCat("must be 1 to ", kMaxDunningRungs);
  DunningRung before = {.days = 0, .state = DunningState::kReminded};
  for (const DunningRung& rung : rungs) {
    if (rung.days <= before.days || rung.days > kMaxDunningDays) {
      return absl::StrCat("must have days from 1 to ", kMaxDunningDays, ", each more than those of the rung before");
    }
    if (rung.state < before.state) return "must not have a state below that of the rung before, and none CLEAR";
    if (before.state == DunningState::kCancelled) return "must not go on after CANCELLED";
    before = rung;
  }
  return "";
}

absl::Status CheckNewLadder(const DunningLadder& ladder, const std::vector<DunningLadder>& ladders, Date today) {
  return CheckBegins(ladder, ladders, today, /*first_is_free=*/false,
                     {.exists_reason = "DUNNING_LADDER_EXISTS",
                      .exists = "There is a dunning ladder",
                      .past_reason = "DUNNING_LADDER_IN_THE_PAST",
                      .begins = "A dunning ladder begins",
                      .advice = " Choose a later day."});
}

const DunningLadder* LadderFor(const std::vector<DunningLadder>& ladders, Date due_date) {
  const DunningLadder* newest = nullptr;
  for (const DunningLadder& ladder : ladders) {
    if (ladder.effective_date > due_date) continue;
    if (newest == nullptr || ladder.effective_date > newest->effective_date) newest = &ladder;
  }
  return newest;
}

size_t RungsDue(const DunningLadder& ladder, Date due_date, Date today) {
  size_t due = 0;
  while (due < ladder.rungs.size() && due_date + ladder.rungs[due].days <= today) ++due;
  return due;
}

std::string TextOf(const std::vector<DunningRung>& rungs) {
  return absl::StrJoin(rungs, ",", [](std::string* text, const DunningRung& rung) {
    absl::StrAppend(text, rung.days, ":", NameOf(rung.state));
  });
}

absl::StatusOr<std::vector<DunningRung>> RungsOf(const std::string& text) {
  std::vector<DunningRung> rungs;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::pair<absl::string_view, absl::string_view> halves = absl::StrSplit(part, absl::MaxSplits(':', 1));
    DunningRung rung;
    const std::optional<DunningState> state = FindNamed(kDunningStates, halves.second);
    if (!absl::SimpleAtoi(halves.first, &rung.days) || !state.has_value()) {
      return absl::InvalidArgumentError("a rung that is none");
    }
    rung.state = *state;
    rungs.push_back(rung);
  }
  if (!ProblemOf(rungs).empty()) return absl::InvalidArgumentError("rungs that are no ladder");
  return rungs;
}

}  // namespace countersign::billing
