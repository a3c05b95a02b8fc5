#include "billing-service/src/api/billing_account_handlers.h"

#include <optional>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"

namespace countersign::billing {

absl::StatusOr<GetBillingAccount> ParseGetBillingAccount(const rpc::Call&,
                                                         const v1::GetBillingAccountRequest& request) {
  FieldViolations violations;
  const GetBillingAccount command = {rpc::RequireName(violations, "name", kAccountName, request.name())[0]};
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::Status BillingAccountNotFound(const Uuid& account) {
  return NotFound("BILLING_ACCOUNT_NOT_FOUND", "there is no such billing account",
                  {{"billingAccount", rpc::FormatName(kAccountName, {account})}});
}

absl::StatusOr<v1::BillingAccount> BillingAccountHandlers::Get(const rpc::Call& call,
                                                               const GetBillingAccount& command) const {
  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(call.deadline(), command.account));
  if (!account.has_value()) return BillingAccountNotFound(command.account);
  return ToProto(*account);
}

}  // namespace countersign::billing
