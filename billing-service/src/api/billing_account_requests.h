// Requests of BillingAccountService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_REQUESTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/payment_method.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/store/billing_account_store.h"
#include "common/base/postal_address.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/billing_account_service.pb.h"

namespace countersign::billing {

struct SearchBillingAccountsCommand {
  AccountKey by = AccountKey::kNumber;
  mysql::Parameter value = std::nullopt;
  std::string partner_number;  // Not empty: of the partner whose id the value is to be.
  rpc::Listing list;
};

absl::StatusOr<SearchBillingAccountsCommand> ParseSearchBillingAccounts(
    const rpc::Call& call, const v1::SearchBillingAccountsRequest& request);

struct SetPaymentMethodCommand {
  Uuid tenant;  // The account.
  PaymentMethod method;
  std::string reason;
  std::string etag;
};

absl::StatusOr<SetPaymentMethodCommand> ParseSetPaymentMethod(const rpc::Call& call,
                                                              const v1::SetPaymentMethodRequest& request);

struct ChangeBillingContactCommand {
  Uuid tenant;  // The account.
  std::string email;
  std::string reason;
  std::string etag;
  std::optional<OrderReference> corrected_by = {};  // The order whose customer corrects what it typed.
};

absl::StatusOr<ChangeBillingContactCommand> ParseChangeBillingContact(const rpc::Call& call,
                                                                      const v1::ChangeBillingContactRequest& request);

struct UpdateBillingAccountCommand {
  Uuid tenant;                                   // The account.
  std::optional<std::string> company_name = {};  // None: stays, as do the others.
  std::optional<PostalAddress> billing_address = {};
  std::optional<int64_t> payment_term_days = {};
  std::string reason = {};
  std::string etag = {};
};

absl::StatusOr<UpdateBillingAccountCommand> ParseUpdateBillingAccount(const rpc::Call& call,
                                                                      const v1::UpdateBillingAccountRequest& request);

struct SetPurchaseOrderRulesCommand : rpc::NamedResource {
  bool required = false;
  bool split = false;
};

absl::StatusOr<SetPurchaseOrderRulesCommand> ParseSetPurchaseOrderRules(
    const rpc::Call& call, const v1::SetPurchaseOrderRulesRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_REQUESTS_H_
