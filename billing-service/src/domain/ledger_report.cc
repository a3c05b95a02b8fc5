#include "billing-service/src/domain/ledger_report.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "billing-service/src/domain/csv.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int64_t kBracketDays = 30;
constexpr int64_t kBracketsOfDays = 3;  // Up to 30, 60 and 90 days.

absl::StatusOr<AgedDebt> NoDebt(absl::string_view currency) {
  AgedDebt debt;
  ASSIGN_OR_RETURN(debt.total, Money::Zero(currency));
  debt.uncollectible.amount = debt.total;
  for (const auto& age : kAges) debt.brackets.push_back({age.value, {debt.total, 0}});
  return debt;
}

absl::Status Add(AgedDebt& debt, const OwedOnDay& more, Date today) {
  const auto age = static_cast<size_t>(AgeOn(today, more.due_date));
  AgedDebt::Owed& owed = more.state == InvoiceState::kUncollectible ? debt.uncollectible : debt.brackets[age].owed;
  ASSIGN_OR_RETURN(owed.amount, owed.amount.Plus(more.due));
  owed.count += more.count;
  ASSIGN_OR_RETURN(debt.total, debt.total.Plus(more.due));
  return absl::OkStatus();
}

void AppendHeader(CsvWriter& csv, absl::Span<const absl::string_view> columns) {
  for (const absl::string_view column : columns) csv.Text(column);
  csv.EndRow();
}

}  // namespace

absl::StatusOr<TrialBalance> MakeTrialBalance(absl::string_view currency, std::vector<LedgerBalance> accounts) {
  TrialBalance trial;
  ASSIGN_OR_RETURN(trial.debit, Money::Zero(currency));
  trial.credit = trial.debit;
  for (LedgerBalance& account : accounts) {
    ASSIGN_OR_RETURN(account.balance, account.debit.Minus(account.credit));
    ASSIGN_OR_RETURN(trial.debit, trial.debit.Plus(account.debit));
    ASSIGN_OR_RETURN(trial.credit, trial.credit.Plus(account.credit));
  }
  if (!(trial.debit == trial.credit)) {
    return absl::InternalError(absl::StrCat("The ledger does not balance: debits of ", trial.debit.ToString(),
                                            ", credits of ", trial.credit.ToString(), "."));
  }
  trial.accounts = std::move(accounts);
  return trial;
}

Age AgeOn(Date today, Date due_date) {
  const int64_t overdue = today - due_date;
  if (overdue <= 0) return Age::kNotOverdue;
  const int64_t bracket = (overdue - 1) / kBracketDays;
  if (bracket >= kBracketsOfDays) return Age::kOver90Days;
  return static_cast<Age>(static_cast<int64_t>(Age::kDays1To30) + bracket);
}

absl::StatusOr<AgedReceivables> AgeReceivables(absl::string_view currency, const std::vector<OwedOnDay>& owed,
                                               Date today) {
  AgedReceivables aged;
  ASSIGN_OR_RETURN(aged.sum, NoDebt(currency));
  for (const OwedOnDay& day : owed) {
    if (aged.accounts.empty() || aged.accounts.back().account != day.account) {
      ASSIGN_OR_RETURN(AgedDebt debt, NoDebt(currency));
      debt.account = day.account;
      debt.account_number = day.account_number;
      aged.accounts.push_back(std::move(debt));
    }
    RETURN_IF_ERROR(Add(aged.accounts.back(), day, today));
    RETURN_IF_ERROR(Add(aged.sum, day, today));
  }
  return aged;
}

std::string TrialBalanceCsv(const TrialBalance& trial) {
  CsvWriter csv;
  AppendHeader(csv, {"account", "debit", "credit", "balance", "currency"});
  for (const LedgerBalance& account : trial.accounts) {
    csv.Text(account.account).Amount(account.debit).Amount(account.credit).Amount(account.balance);
    csv.Text(account.balance.currency()).EndRow();
  }
  return csv.text();
}

std::string AgedReceivablesCsv(const AgedReceivables& aged, bool with_header) {
  CsvWriter csv;
  if (with_header) {
    AppendHeader(csv, {"account_number", "billing_account", "not_overdue", "days_1_to_30", "days_31_to_60",
                       "days_61_to_90", "over_90_days", "uncollectible", "total", "currency"});
  }
  for (const AgedDebt& debt : aged.accounts) {
    csv.Text(debt.account_number).Text(debt.account.ToString());
    for (const AgedDebt::Bracket& bracket : debt.brackets) csv.Amount(bracket.owed.amount);
    csv.Amount(debt.uncollectible.amount).Amount(debt.total).Text(debt.total.currency()).EndRow();
  }
  return csv.text();
}

}  // namespace countersign::billing
