// Credit notes: the only thing that changes what is owed. Immutable.
// Source of the rules: docs/domain.md, Tax, Account credit, Credit notes and the ledger.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CREDIT_NOTE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CREDIT_NOTE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// How the caller says what to credit.
enum class CreditMethod { kWhole, kAmount, kLines, kTax };

// Of one line: the gross `amount`, or the `days` that are not served, or else all that is left of it.
struct CreditOfLine {
  int64_t line = 0;  // From 1.
  std::optional<Money> amount;
  std::optional<Period> days;
};

struct CreditTerms {
  CreditMethod method = CreditMethod::kWhole;
  Money amount;                     // kAmount: gross, spread over the lines by what is left of each.
  std::vector<CreditOfLine> lines;  // kLines: each line at most once.
};

struct CreditNote {
  Uuid id;
  Uuid account;
  int64_t sequence = 0;
  std::string number;
  Uuid invoice;
  std::vector<CreditedLine> lines;  // In order of line.
  Money net;
  Money tax;
  Money total;     // net + tax, > 0.
  Money applied;   // Of the total: closed what was due on the invoice.
  Money credited;  // The rest: credit of the account.
  bool voids = false;
  std::string reason;
  Date issue_date;
  absl::Time create_time;
  int64_t version = 1;  // Written once.
};

// "{account number}-C{sequence}", sequence from 1.
std::string CreditNoteNumber(const BillingAccount& account, int64_t sequence);

// The id of the account's credit note of that sequence.
Uuid CreditNoteId(const Uuid& account, int64_t sequence);

// The part of a line that earlier credit notes left.
struct LineLeft {
  Money net;
  Money tax;
};
absl::StatusOr<LineLeft> LeftOf(const Invoice& invoice, const InvoiceLine& line);

// The parts of a line that a credit of `gross` takes after invoice.credits: net = round(line net × gross credited so
// far ÷ line gross) − the net before, so the parts of a line add up to it; tax is the rest. Neither is below zero or
// more than what is left. Where no tax is left, all of it is net. Errors: FAILED_PRECONDITION CREDIT_EXCEEDS_LINE.
absl::StatusOr<CreditedLine> CreditGross(const Invoice& invoice, const InvoiceLine& line, const Money& gross);

// The parts of a line for `days` of its service period: round(net × days credited so far ÷ days of the line) − what the
// days before took, and the tax likewise, at most what is left: so the days of a line add up to it. Errors:
// INVALID_ARGUMENT for days outside the service period; FAILED_PRECONDITION DAYS_ALREADY_CREDITED where an earlier
// credit note has credited one of them, NOTHING_TO_CREDIT.
absl::StatusOr<CreditedLine> CreditDays(const Invoice& invoice, const InvoiceLine& line, const Period& days);

// The credits of `terms` in order of line, none of zero. Errors: those above; INVALID_ARGUMENT (a line that the invoice
// does not have or that comes twice, an amount not positive or in another currency); FAILED_PRECONDITION
// CREDIT_EXCEEDS_INVOICE, NOTHING_TO_CREDIT.
absl::StatusOr<std::vector<CreditedLine>> DecideCredits(const Invoice& invoice, const CreditTerms& terms);

// The next credit note of the account's series for `lines`; applied and credited follow from what is due on the
// invoice. Takes the account's next sequence. Errors: FAILED_PRECONDITION INVOICE_STATE for a VOID invoice;
// OUT_OF_RANGE.
absl::StatusOr<CreditNote> NewCreditNote(BillingAccount& account, const Invoice& invoice,
                                         std::vector<CreditedLine> lines, absl::string_view reason, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CREDIT_NOTE_H_
