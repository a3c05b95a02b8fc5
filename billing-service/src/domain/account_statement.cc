#include "billing-service/src/domain/account_statement.h"

#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/ledger.h"
#include "common/base/named.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// A row that is no entry: the balance on a day.
void AppendBalance(CsvWriter& csv, Date date, absl::string_view what, const Money& balance) {
  csv.Day(date).Text(what).Text("").Text("").Text("").Text("").Amount(balance).Text(balance.currency()).EndRow();
}

}  // namespace

bool IsLedgerAccount(absl::string_view account) {
  for (const LedgerAccount taxes : {LedgerAccount::kTaxPayable, LedgerAccount::kInputTax}) {
    absl::string_view region = account;
    if (!absl::ConsumePrefix(&region, NameOf(taxes)) || !absl::ConsumePrefix(&region, "/")) continue;
    return region.size() == 2 && absl::ascii_isupper(static_cast<unsigned char>(region[0])) &&
           absl::ascii_isupper(static_cast<unsigned char>(region[1]));
  }
  return FindNamed(kLedgerAccounts, account).has_value();
}

bool IsPartnersAct(absl::string_view act) { return absl::StartsWith(act, "FEE_") || absl::StartsWith(act, "PAYOUT_"); }

std::string StatementPosition::ToText() const {
  return absl::StrCat(FormatDate(date), "/", tenant.ToString(), "/", transaction.ToString(), "/", balance_micros);
}

std::optional<StatementPosition> StatementPosition::FromText(absl::string_view text) {
  constexpr size_t kParts = 4;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() != kParts) return std::nullopt;
  const absl::StatusOr<Date> date = ParseDate(parts[0]);
  const absl::StatusOr<Uuid> tenant = Uuid::Parse(parts[1]);
  const absl::StatusOr<Uuid> transaction = Uuid::Parse(parts[2]);
  int64_t balance_micros = 0;
  if (!date.ok() || !tenant.ok() || !transaction.ok() || !absl::SimpleAtoi(parts[3], &balance_micros)) {
    return std::nullopt;
  }
  return StatementPosition{*date, *tenant, *transaction, balance_micros};
}

absl::StatusOr<AccountStatement> MakeAccountStatement(const Money& opening, std::vector<PostedEntry> entries) {
  AccountStatement statement{
      .opening = opening, .entries = std::move(entries), .debit = {}, .credit = {}, .closing = opening};
  ASSIGN_OR_RETURN(statement.debit, Money::Zero(opening.currency()));
  statement.credit = statement.debit;
  for (PostedEntry& entry : statement.entries) {
    ASSIGN_OR_RETURN(statement.debit, statement.debit.Plus(entry.debit));
    ASSIGN_OR_RETURN(statement.credit, statement.credit.Plus(entry.credit));
    ASSIGN_OR_RETURN(statement.closing, statement.closing.Plus(entry.debit));
    ASSIGN_OR_RETURN(statement.closing, statement.closing.Minus(entry.credit));
    entry.balance = statement.closing;
  }
  return statement;
}

std::string AccountStatementCsv(const AccountStatement& statement, std::optional<Date> opens,
                                std::optional<Date> closes) {
  CsvWriter csv;
  if (opens.has_value()) {
    for (const char* column : {"date", "act", "tenant", "subject", "debit", "credit", "balance", "currency"}) {
      csv.Text(column);
    }
    csv.EndRow();
    AppendBalance(csv, *opens, "OPENING_BALANCE", statement.opening);
  }
  for (const PostedEntry& entry : statement.entries) {
    csv.Day(entry.date).Text(entry.act).Text(entry.tenant.ToString()).Text(entry.subject.ToString());
    csv.Amount(entry.debit).Amount(entry.credit).Amount(entry.balance).Text(entry.balance.currency()).EndRow();
  }
  if (closes.has_value()) AppendBalance(csv, *closes, "CLOSING_BALANCE", statement.closing);
  return csv.text();
}

}  // namespace countersign::billing
