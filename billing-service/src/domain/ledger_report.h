// Reports of the books: the trial balance, and what customers owe by age.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEDGER_REPORT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEDGER_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// An account of the ledger, "tax_payable/DE" for a part of one, and what was posted on it.
struct LedgerBalance {
  std::string account;
  Money debit;
  Money credit;
  Money balance = {};  // debit − credit.
};

struct TrialBalance {
  std::vector<LedgerBalance> accounts;
  Money debit;
  Money credit;
};

// Balances and sums. Errors: INTERNAL when debits and credits differ: a defect of the books; OUT_OF_RANGE.
absl::StatusOr<TrialBalance> MakeTrialBalance(absl::string_view currency, std::vector<LedgerBalance> accounts);

// How long after its due date an invoice is.
enum class Age { kNotOverdue, kDays1To30, kDays31To60, kDays61To90, kOver90Days };

inline constexpr Named<Age> kAges[] = {
    {Age::kNotOverdue, "NOT_OVERDUE"},   {Age::kDays1To30, "DAYS_1_TO_30"},  {Age::kDays31To60, "DAYS_31_TO_60"},
    {Age::kDays61To90, "DAYS_61_TO_90"}, {Age::kOver90Days, "OVER_90_DAYS"},
};
inline absl::string_view NameOf(Age age) { return NameIn(kAges, age); }

// On its due date an invoice is not overdue yet.
Age AgeOn(Date today, Date due_date);

// Invoices of one account that are owed, in one state and due on one day.
struct OwedOnDay {
  Uuid account;
  std::string account_number;
  InvoiceState state;  // OPEN or UNCOLLECTIBLE.
  Date due_date;
  int64_t count = 0;
  Money due;
};

// The debt of one account, or of several together.
struct AgedDebt {
  struct Owed {
    Money amount;
    int64_t count = 0;
  };
  struct Bracket {
    Age age;
    Owed owed;
  };
  Uuid account = {};
  std::string account_number = {};
  std::vector<Bracket> brackets;  // One of each age, youngest first.
  Owed uncollectible;
  Money total;
};

struct AgedReceivables {
  std::vector<AgedDebt> accounts;
  AgedDebt sum;
};

// `owed` is in the order of accounts. Error: OUT_OF_RANGE.
absl::StatusOr<AgedReceivables> AgeReceivables(absl::string_view currency, const std::vector<OwedOnDay>& owed,
                                               Date today);

// The postings on one account of the ledger in one month.
struct PostedMonth {
  Date month;  // Its first day.
  std::string account;
  Money debit;
  Money credit;
};

struct RevenueMonth {
  Date month;
  Money invoiced;  // Net of tax.
  Money credited;  // By credit notes, net of tax.
  Money net;       // invoiced − credited.
  Money tax;       // Of both, over all regions.
};

struct FeesMonth {
  Date month;
  Money accrued;   // What customers' payments earned partners.
  Money reversed;  // Of it, by credit notes and reversed payments.
  Money adjusted;  // By operators; below zero: taken away.
  Money forgone;   // Of terminated partners: not earned, or forfeited.
  Money sent;      // To partners, less what came back.
  Money withheld;  // For the tax office, less what came back.
};

// One for every month from that of `first` to that of `last`, also where nothing was posted. Error: OUT_OF_RANGE.
absl::StatusOr<std::vector<RevenueMonth>> RevenueByMonth(absl::string_view currency, Date first, Date last,
                                                         const std::vector<PostedMonth>& posted);
absl::StatusOr<std::vector<FeesMonth>> FeesByMonth(absl::string_view currency, Date first, Date last,
                                                   const std::vector<PostedMonth>& posted);

Date FirstOfMonth(Date day);

// As CSV, after a row with the names of the columns.
std::string RevenueCsv(const std::vector<RevenueMonth>& months);
std::string FeesCsv(const std::vector<FeesMonth>& months);
std::string TrialBalanceCsv(const TrialBalance& trial);
// A row for each account; `with_header`: after one with the names of the columns.
std::string AgedReceivablesCsv(const AgedReceivables& aged, bool with_header);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LEDGER_REPORT_H_
