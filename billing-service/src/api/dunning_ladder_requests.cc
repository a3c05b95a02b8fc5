#include "billing-service/src/api/dunning_ladder_requests.h"

#include <optional>
#include <string>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

// CLEAR, which no rung may have, for a state that is none.
DunningState DunningStateOf(v1::Dunning::State state) {
  switch (state) {
    case v1::Dunning::STATE_REMINDED:
      return DunningState::kReminded;
    case v1::Dunning::STATE_PAST_DUE:
      return DunningState::kPastDue;
    case v1::Dunning::STATE_SUSPENDED:
      return DunningState::kSuspended;
    case v1::Dunning::STATE_CANCELLED:
      return DunningState::kCancelled;
    default:
      return DunningState::kClear;
  }
}

}  // namespace

absl::StatusOr<CreateDunningLadderCommand> ParseCreateDunningLadder(const rpc::Call& call,
                                                                    const v1::CreateDunningLadderRequest& request) {
  FieldViolations violations;
  const v1::DunningLadder& message = request.dunning_ladder();
  DunningLadder ladder;
  ladder.effective_date = rpc::RequireDate(violations, "dunning_ladder.effective_date", message.has_effective_date(),
                                           message.effective_date());
  if (static_cast<size_t>(message.rungs_size()) <= kMaxDunningRungs) {
    for (const v1::DunningLadder::Rung& rung : message.rungs()) {
      ladder.rungs.push_back({rung.days_after_due(), DunningStateOf(rung.state())});
    }
  }
  if (const std::string problem = ProblemOf(ladder.rungs); !problem.empty()) {
    violations.Add("dunning_ladder.rungs", problem);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ladder.id = DunningLadderId(ladder.effective_date);
  ladder.create_time = call.now();
  return CreateDunningLadderCommand{.tenant = ladder.id, .ladder = ladder};
}

}  // namespace countersign::billing
