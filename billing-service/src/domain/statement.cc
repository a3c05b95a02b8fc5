#include "billing-service/src/domain/statement.h"

#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kQuarterMonths = 3;

}  // namespace

Period QuarterOf(Date date) { return PeriodContaining(Date(date.year(), 1, 1), kQuarterMonths, date); }

absl::StatusOr<StatementTotal> CloseStatement(const Money& carried_in, const Money& accrued,
                                              const StatementTerms& terms) {
  StatementTotal result;
  ASSIGN_OR_RETURN(result.total, carried_in.Plus(accrued));
  ASSIGN_OR_RETURN(const Money above, result.total.Minus(terms.minimum));
  ASSIGN_OR_RETURN(result.carried_forward, Money::Zero(result.total.currency()));
  const bool enough = result.total.micros() > 0 && (terms.is_final || above.micros() >= 0);
  if (!enough) {
    result.disposition = StatementDisposition::kCarried;
    result.carried_forward = result.total;
  } else {
    result.disposition = terms.has_payee ? StatementDisposition::kPayable : StatementDisposition::kHeld;
  }
  return result;
}

}  // namespace countersign::billing
