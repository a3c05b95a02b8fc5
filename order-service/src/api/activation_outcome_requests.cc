#include "order-service/src/api/activation_outcome_requests.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/names.h"

namespace countersign::order {

absl::StatusOr<ApplyActivationOutcomeCommand> ParseApplyActivationOutcome(
    const rpc::Call&, const v1::ApplyActivationOutcomeRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "order", kOrderName, request.order());
  ApplyActivationOutcomeCommand command{.tenant = ids[0], .id = ids[1], .subscriptions = {}, .reason = {}};
  command.revision = rpc::RequireQuantity(violations, "revision", request.revision(), 1, rpc::kMaxRevision);
  rpc::RequireEnum(violations, "outcome", request.outcome(), v1::ApplyActivationOutcomeRequest::Outcome_descriptor());
  command.activated = request.outcome() == v1::ApplyActivationOutcomeRequest::OUTCOME_ACTIVATED;
  for (int i = 0; i < request.subscriptions_size(); ++i) {
    command.subscriptions.push_back(rpc::RequireName(violations, absl::StrCat("subscriptions[", i, "]"),
                                                     kSubscriptionName, request.subscriptions(i))[1]);
  }
  if (command.activated == command.subscriptions.empty()) {
    violations.Add("subscriptions", "must be one per line where the order was activated, otherwise empty");
  }
  command.reason =
      rpc::RequireLines(violations, "reason", request.reason(), command.activated ? 0 : 1, rpc::kMaxReasonChars);
  if (command.activated && !request.reason().empty()) violations.Add("reason", "must be empty: it was activated");
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ExpireWaitingChangeCommand> ParseExpireWaitingChange(const rpc::Call&,
                                                                    const v1::ExpireWaitingChangeRequest& request) {
  FieldViolations violations;
  ExpireWaitingChangeCommand command;
  command.tenant = rpc::RequireName(violations, "partner", kPartnerName, request.partner())[0];
  command.subscription = rpc::RequireName(violations, "subscription", kSubscriptionName, request.subscription())[1];
  command.reason = rpc::RequireLines(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::order
