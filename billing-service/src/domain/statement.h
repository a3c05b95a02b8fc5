// Fee statements: what a partner's calendar quarter comes to, and what becomes of it.
// Source of the rules: docs/domain.md, Statements and payouts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_STATEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/order_label.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class StatementState { kOpen, kClosed };

inline constexpr Named<StatementState> kStatementStates[] = {
    {StatementState::kOpen, "OPEN"},
    {StatementState::kClosed, "CLOSED"},
};
inline absl::string_view NameOf(StatementState state) { return NameIn(kStatementStates, state); }

enum class StatementDisposition { kPayable, kCarried, kHeld, kReceivable };

inline constexpr Named<StatementDisposition> kStatementDispositions[] = {
    {StatementDisposition::kPayable, "PAYABLE"},
    {StatementDisposition::kCarried, "CARRIED"},
    {StatementDisposition::kHeld, "HELD"},              // No payee profile in its currency.
    {StatementDisposition::kReceivable, "RECEIVABLE"},  // The negative balance of a partner that has left.
};
inline absl::string_view NameOf(StatementDisposition disposition) {
  return NameIn(kStatementDispositions, disposition);
}

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

// An entry on a statement.
struct StatementLine {
  int64_t number = 0;  // From 1.
  FeeEntry fee;
  std::optional<Uuid> order;  // The partner's own, by which it is of record; none where the vendor passed it on.
  std::string title;          // Of the subscription, as sold.
  OrderLabel label = {};      // Of the order.
};

struct Statement {
  Uuid partner;
  Uuid id;
  std::string currency;
  int64_t number = 0;        // From 1, of the partner's statements in that currency.
  int64_t first_number = 0;  // The oldest whose total is carried into this one; its own number when nothing is.
  Period quarter;
  Money carried_in;
  absl::Time create_time;
  StatementState state = StatementState::kOpen;
  std::optional<StatementDisposition> disposition;  // Once CLOSED.
  int64_t line_count = 0;
  Money accrued;  // Of its lines.
  Money minimum;
  bool is_final = false;
  std::optional<absl::Time> close_time;
  int64_t version = 1;
};

// carried_in + accrued.
Money TotalOf(const Statement& statement);

// The amount that the next statement begins with: the total of a CARRIED one, else zero.
Money CarriedForward(const Statement& statement);

// "S-USD-3": unique per partner, for people.
std::string StatementNumber(const Statement& statement);

// How a CLOSED statement's total is settled, for people: "It is below the minimum of 50.00 USD and carried …".
std::string SentenceOf(const Statement& statement);

// The one statement that a partner has for a quarter in a currency.
Uuid StatementId(const Uuid& partner, absl::string_view currency, const Period& quarter);

// An OPEN statement for `quarter`, after `previous`, the partner's last in that currency. Errors: FAILED_PRECONDITION
// QUARTER_NOT_OVER before its end.
absl::StatusOr<Statement> OpenStatement(const Uuid& partner, absl::string_view currency, const Period& quarter,
                                        const std::optional<Statement>& previous, absl::Time now);

// The statement with more lines; numbers them. Error: FAILED_PRECONDITION STATEMENT_STATE when it is CLOSED.
absl::StatusOr<Statement> AddLines(Statement statement, std::vector<StatementLine>& lines);

// The statement CLOSED, for ever. Error: FAILED_PRECONDITION STATEMENT_STATE when it is already.
absl::StatusOr<Statement> CloseWith(Statement statement, const StatementTerms& terms, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_STATEMENT_H_
