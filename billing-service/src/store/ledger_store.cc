#include "billing-service/src/store/ledger_store.h"

#include "billing-service/src/store/columns.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kInsertTransaction =
    "INSERT INTO ledger_transactions (tenant_id, transaction_id, act, subject_id, post_date, create_time) "
    "VALUES (?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kInsertEntry =
    "INSERT INTO ledger_entries (tenant_id, transaction_id, entry, account, debit_micros, credit_micros, currency) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)";

}  // namespace

absl::Status InsertLedgerTransaction(mysql::Connection& connection, const LedgerTransaction& transaction,
                                     absl::Time create_time) {
  if (transaction.entries.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckBalanced(transaction));
  RETURN_IF_ERROR(
      DuplicateAsLostRace(connection
                              .Execute(kInsertTransaction, {transaction.tenant, transaction.id, transaction.act,
                                                            transaction.subject, transaction.date, create_time})
                              .status()));
  int number = 0;
  for (const LedgerEntry& entry : transaction.entries) {
    const bool debit = entry.side == LedgerSide::kDebit;
    const int64_t micros = entry.amount.micros();
    RETURN_IF_ERROR(
        connection
            .Execute(kInsertEntry, {transaction.tenant, transaction.id, ++number, Name(entry.account),
                                    debit ? micros : int64_t{0}, debit ? int64_t{0} : micros, entry.amount.currency()})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
