// Fee statements: what a partner's calendar quarter comes to, and what becomes of it.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_STATEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_STATEMENT_H_

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

enum class StatementDisposition { kPayable, kCarried, kHeld };

struct StatementTerms {
  Money minimum;           // Totals below it are carried; exactly the minimum is paid.
  bool has_payee = false;  // Without a payee profile the total is held.
  bool is_final = false;   // The partner is TERMINATED: no minimum.
};

struct StatementTotal {
  Money total;
  StatementDisposition disposition;
  Money carried_forward;  // Into the next statement: the total when CARRIED, else zero.
};

// The calendar quarter that contains `date`.
Period QuarterOf(Date date);

// `carried_in` of the statement before plus what was `accrued` (reversals are below zero) in the quarter.
// Errors: INVALID_ARGUMENT (currencies differ), OUT_OF_RANGE.
absl::StatusOr<StatementTotal> CloseStatement(const Money& carried_in, const Money& accrued,
                                              const StatementTerms& terms);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_STATEMENT_H_
