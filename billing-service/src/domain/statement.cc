#include "billing-service/src/domain/statement.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kQuarterMonths = 3;

absl::Status CheckOpen(const Statement& statement) {
  if (statement.state == StatementState::kOpen) return absl::OkStatus();
  return FailedPrecondition("STATEMENT_STATE", "The statement is CLOSED, which is final.", {{"state", "CLOSED"}});
}

}  // namespace

Period QuarterOf(Date date) { return PeriodContaining(Date(date.year(), 1, 1), kQuarterMonths, date); }

absl::StatusOr<StatementTotal> CloseStatement(const Money& carried_in, const Money& accrued,
                                              const StatementTerms& terms) {
  StatementTotal result;
  ASSIGN_OR_RETURN(result.total, carried_in.Plus(accrued));
  ASSIGN_OR_RETURN(const Money above, result.total.Minus(terms.minimum));
  ASSIGN_OR_RETURN(result.carried_forward, Money::Zero(result.total.currency()));
  const bool enough = result.total.micros() > 0 && (terms.is_final || above.micros() >= 0);
  if (enough) {
    result.disposition = terms.has_payee ? StatementDisposition::kPayable : StatementDisposition::kHeld;
  } else if (terms.is_final && result.total.micros() < 0) {
    result.disposition = StatementDisposition::kReceivable;
  } else {
    result.disposition = StatementDisposition::kCarried;
    result.carried_forward = result.total;
  }
  return result;
}

Money TotalOf(const Statement& statement) {
  // Both are of one currency, and CloseWith has seen their sum.
  return statement.carried_in.Plus(statement.accrued).value_or(statement.accrued);
}

Money CarriedForward(const Statement& statement) {
  if (statement.disposition == StatementDisposition::kCarried) return TotalOf(statement);
  return Money::Zero(statement.currency).value_or(Money());
}

std::string StatementNumber(const Statement& statement) {
  return absl::StrCat("S-", statement.currency, "-", statement.number);
}

std::string SentenceOf(const Statement& statement) {
  const std::string total = TotalOf(statement).ToString();
  switch (statement.disposition.value_or(StatementDisposition::kCarried)) {
    case StatementDisposition::kPayable:
      return absl::StrCat("The total of ", total, " is paid out.");
    case StatementDisposition::kHeld:
      return absl::StrCat("The total of ", total, " is held until there is a payee profile in ", statement.currency,
                          ".");
    case StatementDisposition::kReceivable:
      return absl::StrCat("The balance of ", total, " is owed to the vendor.");
    case StatementDisposition::kCarried:
      break;
  }
  if (TotalOf(statement).micros() < 0)
    return absl::StrCat("The total of ", total, " is carried into the next statement.");
  return absl::StrCat("The total of ", total, " is below the minimum of ", statement.minimum.ToString(),
                      " and carried into the next statement.");
}

Uuid StatementId(const Uuid& partner, absl::string_view currency, const Period& quarter) {
  return Uuid::Derived({"statement", partner.bytes(), currency, FormatDate(quarter.start)});
}

absl::StatusOr<Statement> OpenStatement(const Uuid& partner, absl::string_view currency, const Period& quarter,
                                        const std::optional<Statement>& previous, absl::Time now) {
  if (DateOf(now) < quarter.end) {
    return FailedPrecondition("QUARTER_NOT_OVER", "The quarter is not over yet. Close it after its last day.",
                              {{"end", FormatDate(quarter.end)}});
  }
  Statement statement;
  statement.partner = partner;
  statement.id = StatementId(partner, currency, quarter);
  statement.currency = std::string(currency);
  statement.quarter = quarter;
  statement.create_time = now;
  ASSIGN_OR_RETURN(statement.accrued, Money::Zero(currency));
  statement.carried_in = statement.minimum = statement.accrued;
  statement.number = statement.first_number = 1;
  if (previous.has_value()) {
    statement.number = previous->number + 1;
    statement.carried_in = CarriedForward(*previous);
    const bool carried = previous->disposition == StatementDisposition::kCarried;
    statement.first_number = carried ? previous->first_number : statement.number;
  }
  return statement;
}

absl::StatusOr<Statement> AddLines(Statement statement, std::vector<StatementLine>& lines) {
  RETURN_IF_ERROR(CheckOpen(statement));
  for (StatementLine& line : lines) {
    line.number = ++statement.line_count;
    ASSIGN_OR_RETURN(statement.accrued, statement.accrued.Plus(line.fee.amount));
  }
  ++statement.version;
  return statement;
}

absl::StatusOr<Statement> CloseWith(Statement statement, const StatementTerms& terms, absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(statement));
  ASSIGN_OR_RETURN(const StatementTotal total, CloseStatement(statement.carried_in, statement.accrued, terms));
  statement.state = StatementState::kClosed;
  statement.disposition = total.disposition;
  statement.minimum = terms.minimum;
  statement.is_final = terms.is_final;
  statement.close_time = now;
  ++statement.version;
  return statement;
}

}  // namespace countersign::billing
