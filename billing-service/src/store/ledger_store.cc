#include "billing-service/src/store/ledger_store.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kLedgerTransactions = {.name = "ledger_transactions",
                                              .key = "tenant_id, transaction_id",
                                              .fixed = "act, subject_id, post_date, create_time, unsummed_bucket"};

constexpr mysql::Table kLedgerEntries = {.name = "ledger_entries",
                                         .key = "tenant_id, transaction_id, entry",
                                         .fixed = "account, currency, debit_micros, credit_micros, post_date"};

// "tax_payable/DE": an account's parts are accounts of their own.
std::string AccountNameOf(const LedgerEntry& entry) {
  return entry.part.empty() ? std::string(NameOf(entry.account)) : absl::StrCat(NameOf(entry.account), "/", entry.part);
}

}  // namespace

absl::StatusOr<std::vector<mysql::RowWrite>> LedgerRows(const LedgerTransaction& transaction, absl::Time create_time) {
  std::vector<mysql::RowWrite> rows;
  if (transaction.entries.empty()) return rows;
  RETURN_IF_ERROR(CheckBalanced(transaction));
  rows.push_back(
      mysql::Insert(kLedgerTransactions, {transaction.tenant, transaction.id, transaction.act, transaction.subject,
                                          transaction.date, create_time, events::BucketOf(transaction.tenant)}));
  int number = 0;
  for (const LedgerEntry& entry : transaction.entries) {
    const bool debit = entry.side == LedgerSide::kDebit;
    const int64_t micros = entry.amount.micros();
    rows.push_back(mysql::Insert(
        kLedgerEntries, {transaction.tenant, transaction.id, ++number, AccountNameOf(entry), entry.amount.currency(),
                         debit ? micros : int64_t{0}, debit ? int64_t{0} : micros, transaction.date}));
  }
  return rows;
}

}  // namespace countersign::billing
