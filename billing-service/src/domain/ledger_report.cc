#include "billing-service/src/domain/ledger_report.h"

#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/ledger.h"
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

// A row for every month, each field zero.
template <typename Month>
absl::StatusOr<std::vector<Month>> EmptyMonths(absl::string_view currency, Date first, Date last,
                                               absl::Span<Money Month::* const> fields) {
  std::vector<Month> months;
  ASSIGN_OR_RETURN(const Money zero, Money::Zero(currency));
  for (Date month = FirstOfMonth(first); month <= last; month = AddMonths(FirstOfMonth(first), std::ssize(months))) {
    Month& added = months.emplace_back();
    added.month = month;
    for (Money Month::* const field : fields) added.*field = zero;
  }
  return months;
}

template <typename Month>
Month* MonthIn(std::vector<Month>& months, Date month) {
  for (Month& other : months) {
    if (other.month == month) return &other;
  }
  return nullptr;
}

absl::Status AddAmount(Money& sum, const Money& more) {
  ASSIGN_OR_RETURN(sum, sum.Plus(more));
  return absl::OkStatus();
}

// debit − credit, or the other way round.
absl::Status AddDebitTo(Money& sum, const PostedMonth& posted) {
  RETURN_IF_ERROR(AddAmount(sum, posted.debit));
  return AddAmount(sum, posted.credit.Negated());
}
absl::Status AddCreditTo(Money& sum, const PostedMonth& posted) {
  RETURN_IF_ERROR(AddAmount(sum, posted.credit));
  return AddAmount(sum, posted.debit.Negated());
}

absl::Status AddRevenue(RevenueMonth& month, const PostedMonth& posted) {
  if (posted.account == NameOf(LedgerAccount::kRevenue)) {
    RETURN_IF_ERROR(AddAmount(month.invoiced, posted.credit));
    RETURN_IF_ERROR(AddAmount(month.credited, posted.debit));
    return AddCreditTo(month.net, posted);
  }
  // "tax_payable/DE", or the account itself where there is no region.
  if (absl::StartsWith(posted.account, NameOf(LedgerAccount::kTaxPayable))) return AddCreditTo(month.tax, posted);
  return absl::OkStatus();
}

absl::Status AddFees(FeesMonth& month, const PostedMonth& posted) {
  if (posted.account == NameOf(LedgerAccount::kFeeExpense)) {
    RETURN_IF_ERROR(AddAmount(month.accrued, posted.debit));
    return AddAmount(month.reversed, posted.credit);
  }
  if (posted.account == NameOf(LedgerAccount::kFeeAdjustment)) return AddDebitTo(month.adjusted, posted);
  if (posted.account == NameOf(LedgerAccount::kFeeForgone)) return AddCreditTo(month.forgone, posted);
  if (posted.account == NameOf(LedgerAccount::kPayoutClearing)) return AddCreditTo(month.sent, posted);
  if (posted.account == NameOf(LedgerAccount::kFeeWithholding)) return AddCreditTo(month.withheld, posted);
  return absl::OkStatus();
}

template <typename Month>
absl::StatusOr<std::vector<Month>> ByMonth(absl::string_view currency, Date first, Date last,
                                           const std::vector<PostedMonth>& posted,
                                           absl::Span<Money Month::* const> fields,
                                           absl::Status (*add)(Month&, const PostedMonth&)) {
  ASSIGN_OR_RETURN(std::vector<Month> months, EmptyMonths<Month>(currency, first, last, fields));
  for (const PostedMonth& sum : posted) {
    if (Month* const month = MonthIn(months, sum.month); month != nullptr) RETURN_IF_ERROR(add(*month, sum));
  }
  return months;
}

template <typename Month>
std::string MonthsCsv(const std::vector<Month>& months, absl::Span<const absl::string_view> columns,
                      absl::Span<Money Month::* const> fields) {
  CsvWriter csv;
  csv.Text("month");
  for (const absl::string_view column : columns) csv.Text(column);
  csv.Text("currency").EndRow();
  for (const Month& month : months) {
    csv.Text(FormatDate(month.month));
    for (Money Month::* const field : fields) csv.Amount(month.*field);
    csv.Text((month.*fields.front()).currency()).EndRow();
  }
  return csv.text();
}

constexpr Money RevenueMonth::* kRevenueFields[] = {&RevenueMonth::invoiced, &RevenueMonth::credited,
                                                    &RevenueMonth::net, &RevenueMonth::tax};
constexpr Money FeesMonth::* kFeesFields[] = {&FeesMonth::accrued, &FeesMonth::reversed, &FeesMonth::adjusted,
                                              &FeesMonth::forgone, &FeesMonth::sent,     &FeesMonth::withheld};

}  // namespace

Date FirstOfMonth(Date day) { return Date(day.year(), day.month(), 1); }

absl::StatusOr<std::vector<RevenueMonth>> RevenueByMonth(absl::string_view currency, Date first, Date last,
                                                         const std::vector<PostedMonth>& posted) {
  return ByMonth<RevenueMonth>(currency, first, last, posted, kRevenueFields, AddRevenue);
}

absl::StatusOr<std::vector<FeesMonth>> FeesByMonth(absl::string_view currency, Date first, Date last,
                                                   const std::vector<PostedMonth>& posted) {
  return ByMonth<FeesMonth>(currency, first, last, posted, kFeesFields, AddFees);
}

std::string RevenueCsv(const std::vector<RevenueMonth>& months) {
  return MonthsCsv<RevenueMonth>(months, {"invoiced", "credited", "net", "tax"}, kRevenueFields);
}

std::string FeesCsv(const std::vector<FeesMonth>& months) {
  return MonthsCsv<FeesMonth>(months, {"accrued", "reversed", "adjusted", "forgone", "sent", "withheld"}, kFeesFields);
}

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
