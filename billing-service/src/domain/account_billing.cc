#include "billing-service/src/domain/account_billing.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr size_t kMaxParkMessageBytes = 500;

}  // namespace

absl::StatusOr<AccountBilling> BillAccount(BillingAccount account, std::vector<Subscription> subscriptions, Date date,
                                           absl::Time now, const std::optional<OrderReference>& order,
                                           size_t max_lines) {
  ASSIGN_OR_RETURN(Bills bills, Bill(std::move(account), std::move(subscriptions), date, max_lines));
  AccountBilling billing;
  billing.account = std::move(bills.account);
  ++billing.account.version;
  billing.account.update_time = now;
  billing.subscriptions = std::move(bills.subscriptions);
  for (Invoice& invoice : bills.invoices) {
    invoice.order = order;
    invoice.version = 1;
    invoice.create_time = now;
    if (AmountDue(invoice).is_zero()) {
      invoice.state = InvoiceState::kPaid;
      invoice.paid_time = now;
    }
    ASSIGN_OR_RETURN(LedgerTransaction posting, PostInvoiceOpened(invoice.account, invoice.id, invoice.net, invoice.tax,
                                                                  invoice.tax_region, invoice.issue_date));
    billing.postings.push_back(std::move(posting));
  }
  billing.invoices = std::move(bills.invoices);
  return billing;
}

BillingAccount ParkAccount(BillingAccount account, const absl::Status& fault, absl::Time now) {
  account.state = BillingAccountState::kParked;
  account.park_reason = DetailsOf(fault).reason;
  if (account.park_reason.empty()) account.park_reason = absl::StatusCodeToString(fault.code());
  account.park_message = std::string(fault.message().substr(0, kMaxParkMessageBytes));
  ++account.version;
  account.update_time = now;
  return account;
}

absl::StatusOr<BillingAccount> ResumeAccount(BillingAccount account, absl::Time now) {
  if (account.state != BillingAccountState::kParked) {
    return FailedPrecondition("BILLING_ACCOUNT_STATE",
                              absl::StrCat("The billing account is ", NameOf(account.state), ", not PARKED."),
                              {{"state", std::string(NameOf(account.state))}});
  }
  account.state = BillingAccountState::kActive;
  account.park_reason.clear();
  account.park_message.clear();
  ++account.version;
  account.update_time = now;
  return account;
}

}  // namespace countersign::billing
