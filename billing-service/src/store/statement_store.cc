#include "billing-service/src/store/statement_store.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/order_label_store.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kStatements = {
    .name = "statements",
    .key = "partner_id, statement_id",
    .fixed =
        "currency, number, first_number, period_start_date, period_end_date, carried_in_micros, create_time, bucket",
    .changing = "state, disposition, line_count, accrued_micros, minimum_micros, is_final, close_time, version"};

constexpr mysql::Table kStatementLines = {.name = "statement_lines",
                                          .key = "partner_id, statement_id, line",
                                          .fixed = "fee_id, amount_micros, order_id, title"};

constexpr absl::string_view kLastStatement = "WHERE partner_id = ? AND currency = ? ORDER BY number DESC LIMIT 1";
constexpr absl::string_view kHeldAndUnpaid =
    " FROM statements s LEFT JOIN payouts p ON p.partner_id = s.partner_id AND p.currency = s.currency "
    "AND p.last_number = s.number WHERE s.partner_id = ? AND s.currency = ? AND s.disposition = 'HELD' "
    "AND p.payout_id IS NULL ORDER BY s.number LIMIT 50";
constexpr absl::string_view kSelectCurrencies = "SELECT DISTINCT currency FROM fees WHERE partner_id = ?";
constexpr absl::string_view kSelectUnstated =
    "SELECT DISTINCT partner_id, currency FROM fees WHERE bucket = ? AND stated = 0 AND accrue_time < ?";
constexpr absl::string_view kSelectWaiting =
    "SELECT DISTINCT s.partner_id, s.currency FROM statements s "
    "LEFT JOIN partner_states t ON t.partner_id = s.partner_id "
    "LEFT JOIN payouts p ON p.partner_id = s.partner_id AND p.currency = s.currency AND p.last_number = s.number "
    "WHERE s.bucket = ? AND ((s.disposition = 'HELD' AND p.payout_id IS NULL) "
    "OR (s.disposition = 'CARRIED' AND t.standing = 'TERMINATED'))";
constexpr absl::string_view kLinesFrom =
    " FROM statement_lines l JOIN fees f ON f.partner_id = l.partner_id AND f.fee_id = l.fee_id "
    "LEFT JOIN order_labels o ON o.account_id = f.account_id AND o.order_id = l.order_id "
    "WHERE l.partner_id = ? AND l.statement_id = ? AND l.line > ?";
constexpr absl::string_view kUnstatedFrom =
    " LEFT JOIN subscriptions u ON u.account_id = fees.account_id AND u.subscription_id = fees.subscription_id "
    "WHERE fees.partner_id = ? AND fees.currency = ? AND fees.stated = 0 AND fees.accrue_time < ? "
    "AND fees.state = 'ACCRUED' "
    "ORDER BY fees.accrue_time, fees.fee_id LIMIT ?";

Statement StatementOfRow(mysql::RowReader& row) {
  Statement statement;
  statement.partner = row.Id();
  statement.id = row.Id();
  statement.currency = row.Text();
  statement.number = row.Int();
  statement.first_number = row.Int();
  statement.quarter.start = row.Day();
  statement.quarter.end = row.Day();
  statement.carried_in = row.Amount(statement.currency);
  statement.create_time = row.Time();
  row.Skip();  // bucket
  statement.state = row.Enumerated(kStatementStates);
  const std::string disposition = row.TextOrEmpty();
  if (!disposition.empty()) statement.disposition = FindNamed(kStatementDispositions, disposition);
  statement.line_count = row.Int();
  statement.accrued = row.Amount(statement.currency);
  statement.minimum = row.Amount(statement.currency);
  statement.is_final = row.Bool();
  statement.close_time = row.OptionalTime();
  statement.version = row.Int();
  return statement;
}

PartnerCurrency PartnerCurrencyOf(mysql::RowReader& row) { return {.partner = row.Id(), .currency = row.Text()}; }

StatementLine NumberedLineOf(mysql::RowReader& row) {
  StatementLine line;
  line.number = row.Int();
  line.order = row.OptionalId();
  line.title = row.Text();
  line.label = LabelOf(row);
  line.fee = PartnersFeeOf(row);
  return line;
}

StatementLine UnstatedLineOf(mysql::RowReader& row) {
  StatementLine line;
  line.fee = PartnersFeeOf(row);
  line.order = row.OptionalId();
  line.title = row.TextOrEmpty();
  return line;
}

}  // namespace

std::vector<mysql::FilterField> StatementFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kStatementStates)},
          {"disposition", "disposition", kEnum, NamesIn(kStatementDispositions)},
          {"currency_code", "currency", kAscii},
          {"period_start_date", "period_start_date", kDate}};
}

std::vector<mysql::FilterField> StatementLineFilterFields() { return {{"line", "l.line", mysql::FilterType::kInt}}; }

absl::StatusOr<Statement> StatementStore::Get(absl::Time deadline, const Uuid& partner, const Uuid& statement) const {
  ASSIGN_OR_RETURN(std::optional<Statement> found,
                   mysql::FindOne<Statement>(database_, deadline, kStatements, {partner, statement}, StatementOfRow));
  if (found.has_value()) return *std::move(found);
  return NotFound("STATEMENT_NOT_FOUND", "The partner has no such statement.", {{"statement", statement.ToString()}});
}

absl::StatusOr<std::optional<Statement>> StatementStore::FindLast(absl::Time deadline, const Uuid& partner,
                                                                  const std::string& currency) const {
  return mysql::FindBy<Statement>(database_, deadline, mysql::SelectFrom(kStatements, kLastStatement),
                                  {partner, currency}, StatementOfRow);
}

absl::StatusOr<mysql::Page<Statement>> StatementStore::List(absl::Time deadline, const std::optional<Uuid>& partner,
                                                            const mysql::PageQuery& query) const {
  return ListOfPartners<Statement>(database_, deadline, kStatements, "statement_id", partner, query, StatementOfRow);
}

absl::StatusOr<mysql::Page<StatementLine>> StatementStore::ListLines(absl::Time deadline, const Uuid& partner,
                                                                     const Uuid& statement,
                                                                     const mysql::PageQuery& query) const {
  int64_t after = 0;
  if (!absl::SimpleAtoi(query.after, &after)) after = 0;  // The first page.
  const std::string select =
      absl::StrCat("SELECT l.line, l.order_id, l.title, ", LabelColumns("o"), ", ", ColumnsOf(kFees, "f"), kLinesFrom);
  return mysql::ListPage<StatementLine>(
      database_, deadline, mysql::StatementOf(select, {partner, statement, after}, query, " ORDER BY l.line LIMIT ?"),
      NumberedLineOf, [](const StatementLine& line) { return absl::StrCat(line.number); });
}

absl::StatusOr<std::vector<std::string>> StatementStore::ListCurrencies(absl::Time deadline,
                                                                        const Uuid& partner) const {
  return mysql::ListBy<std::string>(database_, deadline, kSelectCurrencies, {partner},
                                    [](mysql::RowReader& row) { return row.Text(); });
}

absl::StatusOr<std::vector<StatementLine>> StatementStore::ListUnstated(absl::Time deadline, const Uuid& partner,
                                                                        const std::string& currency, absl::Time before,
                                                                        int limit) const {
  const std::string sql =
      absl::StrCat("SELECT ", ColumnsOf(kFeesAsSeen, "fees"), ", ", PartnersOrder("u", "fees.partner_id"),
                   ", u.title FROM ", kFeesAsSeen.name, kUnstatedFrom);
  return mysql::ListBy<StatementLine>(database_, deadline, sql, {partner, currency, before, limit}, UnstatedLineOf);
}

absl::StatusOr<std::vector<Statement>> StatementStore::ListHeld(absl::Time deadline, const Uuid& partner,
                                                                const std::string& currency) const {
  return mysql::ListBy<Statement>(database_, deadline,
                                  absl::StrCat("SELECT ", ColumnsOf(kStatements, "s"), kHeldAndUnpaid),
                                  {partner, currency}, StatementOfRow);
}

absl::StatusOr<std::vector<PartnerCurrency>> StatementStore::ListUnstatedPartners(absl::Time deadline, int bucket,
                                                                                  absl::Time before) const {
  return mysql::ListBy<PartnerCurrency>(database_, deadline, kSelectUnstated, {bucket, before}, PartnerCurrencyOf);
}

absl::StatusOr<std::vector<PartnerCurrency>> StatementStore::ListWaiting(absl::Time deadline, int bucket) const {
  return mysql::ListBy<PartnerCurrency>(database_, deadline, kSelectWaiting, {bucket}, PartnerCurrencyOf);
}

mysql::RowWrite StatementStore::Row(const Statement& statement) {
  std::optional<std::string> disposition;
  if (statement.disposition.has_value()) disposition = std::string(NameOf(*statement.disposition));
  return mysql::Put(kStatements,
                    {statement.partner, statement.id, statement.currency, statement.number, statement.first_number,
                     statement.quarter.start, statement.quarter.end, statement.carried_in.micros(),
                     statement.create_time, events::BucketOf(statement.partner), NameOf(statement.state), disposition,
                     statement.line_count, statement.accrued.micros(), statement.minimum.micros(), statement.is_final,
                     statement.close_time, statement.version});
}

mysql::RowWrite StatementStore::LineRow(const Statement& statement, const StatementLine& line) {
  return mysql::Insert(kStatementLines, {statement.partner, statement.id, line.number, line.fee.id,
                                         line.fee.amount.micros(), line.order, line.title});
}

}  // namespace countersign::billing
