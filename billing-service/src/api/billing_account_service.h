// GetBillingAccount.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_HANDLERS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/store/billing_account_store.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_service.pb.h"

namespace countersign::billing {

struct GetBillingAccount {
  Uuid account;
};

absl::StatusOr<GetBillingAccount> ParseGetBillingAccount(const rpc::Call& call,
                                                         const v1::GetBillingAccountRequest& request);

// NOT_FOUND BILLING_ACCOUNT_NOT_FOUND.
absl::Status BillingAccountNotFound(const Uuid& account);

class BillingAccountHandlers {
 public:
  explicit BillingAccountHandlers(const BillingAccountStore& accounts) : accounts_(accounts) {}

  absl::StatusOr<v1::BillingAccount> Get(const rpc::Call& call, const GetBillingAccount& command) const;

 private:
  const BillingAccountStore& accounts_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_HANDLERS_H_
