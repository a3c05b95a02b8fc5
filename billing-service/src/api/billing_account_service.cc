#include "billing-service/src/api/billing_account_service.h"

#include "billing-service/src/api/billing_account_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::BillingAccount> BillingAccountService::Get(const rpc::Call& call,
                                                              const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), named.id));
  return ToProto(account);
}

}  // namespace countersign::billing
