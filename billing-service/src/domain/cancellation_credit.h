// The credit of a cancellation: credit notes, and the fees that they reverse.
// Source of the rules: docs/domain.md, Cancellation, Credit notes and the ledger.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CANCELLATION_CREDIT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CANCELLATION_CREDIT_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/account_book.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/credit_note.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

// The first service day of which an invoice line may have to be credited.
Date CreditedFrom(const Cancellation& cancellation);

// The credit notes to write, oldest invoice first. Days that were credited before are left out; a line of which all
// days go is credited with all that is left of it. Lines of the whole subscription that begin on the day of the press
// or later, and were invoiced after that day, go with them: had the press been heard in time, they would not be there.
std::vector<CreditOrder> CreditOrdersOf(const Cancellation& cancellation, const std::vector<Invoice>& invoices,
                                        absl::string_view reason);

// The notes of the orders, without those that have nothing left to credit. Errors: those of AccountBook::Issue.
absl::StatusOr<std::vector<CreditNote>> IssueAll(AccountBook& book, const std::vector<CreditOrder>& orders);

// Everything that the credit of a cancellation writes.
struct CancellationCredit {
  std::vector<CreditNote> notes;
  std::optional<AccountChange> change;  // None: nothing is credited.
  Money credited;                       // The notes' totals.
  Money fee_reversed;                   // Zero or below.
};

// Writes the notes in one act; the credit that they leave is used at once. `state` holds every invoice with a line from
// CreditedFrom on. Errors: those of AccountBook::Issue.
absl::StatusOr<CancellationCredit> CreditCancellation(const Cancellation& cancellation, AccountState state,
                                                      absl::string_view reason, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CANCELLATION_CREDIT_H_
