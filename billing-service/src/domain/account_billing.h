// One account, billed on one day: what the billing run commits, and an activation beside its own.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_BILLING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_BILLING_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"

namespace countersign::billing {

struct AccountBilling {
  BillingAccount account;                   // Version + 1.
  std::vector<Subscription> subscriptions;  // All that were given, in their order.
  std::vector<Invoice> invoices;            // OPEN, or PAID where their lines come to nothing; version 1.
  std::vector<LedgerTransaction> postings;
};

// Bill(account, subscriptions, date) with what belongs to it: versions, times and the ledger. The subscriptions' own
// versions are the caller's; `order`: whose activation opens the invoices. Errors: those of Bill.
absl::StatusOr<AccountBilling> BillAccount(BillingAccount account, std::vector<Subscription> subscriptions, Date date,
                                           absl::Time now, const std::optional<OrderReference>& order = std::nullopt,
                                           size_t max_lines = kMaxLinesPerBill);

// The account's next version, PARKED because of `fault`.
BillingAccount ParkAccount(BillingAccount account, const absl::Status& fault, absl::Time now);

// The account's next version, ACTIVE again. Error: FAILED_PRECONDITION BILLING_ACCOUNT_STATE unless PARKED.
absl::StatusOr<BillingAccount> ResumeAccount(BillingAccount account, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_BILLING_H_
