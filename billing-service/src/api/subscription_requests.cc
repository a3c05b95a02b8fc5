#include "billing-service/src/api/subscription_requests.h"

#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

using Cancel = v1::CancelSubscriptionRequest;

// The name, the etag and the reason of a request.
template <typename Request>
rpc::NamedResource RequireSubscription(FieldViolations& violations, const Request& request) {
  rpc::NamedResource named = rpc::ParseNamed{kSubscriptionName}.Parse(violations, request);
  named.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  return named;
}

SuspensionReason RequireSuspension(FieldViolations& violations, v1::Subscription::SuspensionReason reason) {
  switch (reason) {
    case v1::Subscription::SUSPENSION_REASON_OPERATOR:
      return SuspensionReason::kOperator;
    case v1::Subscription::SUSPENSION_REASON_SECURITY:
      return SuspensionReason::kSecurity;
    default:
      violations.Add("suspension_reason", "must be SUSPENSION_REASON_OPERATOR or SUSPENSION_REASON_SECURITY");
      return SuspensionReason::kOperator;
  }
}

CancelPolicy RequirePolicy(FieldViolations& violations, Cancel::Policy policy) {
  rpc::RequireEnum(violations, "policy", policy, Cancel::Policy_descriptor());
  switch (policy) {
    case Cancel::POLICY_PRORATED_CREDIT:
      return CancelPolicy::kProratedCredit;
    case Cancel::POLICY_FREE_WINDOW:
      return CancelPolicy::kWindowOnly;
    default:
      return CancelPolicy::kNoCredit;
  }
}

template <typename Request>
absl::StatusOr<SuspensionCommand> ParseSuspension(const Request& request) {
  FieldViolations violations;
  SuspensionCommand command{RequireSubscription(violations, request)};
  command.suspension = RequireSuspension(violations, request.suspension_reason());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace

absl::StatusOr<AccountList> ParseListSubscriptions(const rpc::Call& call, const v1::ListSubscriptionsRequest& request) {
  ASSIGN_OR_RETURN(AccountList command, ParseAccountList{SubscriptionFilterFields()}(call, request));
  RETURN_IF_ERROR(RequireOneAccountOfServices(call, command));
  return command;
}

absl::StatusOr<SetAutoRenewCommand> ParseSetAutoRenew(const rpc::Call&, const v1::SetAutoRenewRequest& request) {
  FieldViolations violations;
  SetAutoRenewCommand command{RequireSubscription(violations, request), request.auto_renew()};
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<CancelSubscriptionCommand> ParseCancelSubscription(const rpc::Call&, const Cancel& request) {
  FieldViolations violations;
  CancelSubscriptionCommand command{RequireSubscription(violations, request)};
  rpc::RequireEnum(violations, "when", request.when(), Cancel::When_descriptor());
  command.now = request.when() == Cancel::WHEN_NOW;
  if (request.tranche() < 0) violations.Add("tranche", "must be 0 or the number of a tranche");
  command.tranche = request.tranche();
  if (command.now && command.tranche == 0) {
    command.policy = RequirePolicy(violations, request.policy());
  } else if (request.policy() != Cancel::POLICY_UNSPECIFIED) {
    violations.Add("policy", "must be left out unless when is WHEN_NOW and all seats are cancelled");
  }
  if (request.has_press_time()) {
    command.press_time = rpc::RequireTime(violations, "press_time", request.has_press_time(), request.press_time());
  }
  if (!command.now) {
    if (request.has_press_time()) violations.Add("press_time", "must be left out unless when is WHEN_NOW");
    if (request.tranche() > 0) violations.Add("tranche", "must be left out unless when is WHEN_NOW");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<SuspensionCommand> ParseSuspendSubscription(const rpc::Call&,
                                                           const v1::SuspendSubscriptionRequest& request) {
  return ParseSuspension(request);
}

absl::StatusOr<SuspensionCommand> ParseResumeSubscription(const rpc::Call&,
                                                          const v1::ResumeSubscriptionRequest& request) {
  return ParseSuspension(request);
}

absl::StatusOr<SetPurchaseOrderNumberCommand> ParseSetPurchaseOrderNumber(
    const rpc::Call&, const v1::SetPurchaseOrderNumberRequest& request) {
  FieldViolations violations;
  SetPurchaseOrderNumberCommand command{RequireSubscription(violations, request), request.tranche()};
  if (request.tranche() < 0) violations.Add("tranche", "must be 0 or the number of a tranche");
  command.number =
      rpc::RequireText(violations, "purchase_order_number", request.purchase_order_number(), 0, kMaxPurchaseOrderChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
