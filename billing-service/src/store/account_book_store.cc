#include "billing-service/src/store/account_book_store.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/store/rows.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kCreditUses = {.name = "credit_uses",
                                      .key = "account_id, account_version, invoice_id",
                                      .fixed = "currency, amount_micros",
                                      .changing = "undone_micros"};

constexpr absl::string_view kStandingUses =
    "WHERE account_id = ? AND undone_micros < amount_micros ORDER BY account_version DESC, invoice_id DESC";

CreditUse CreditUseOf(mysql::RowReader& row) {
  CreditUse use;
  use.account = row.Id();
  use.account_version = row.Int();
  use.invoice = row.Id();
  const std::string currency = row.Text();
  use.amount = row.Amount(currency);
  use.undone = row.Amount(currency);
  return use;
}

mysql::RowWrite RowOf(const CreditUse& use) {
  return mysql::Put(kCreditUses, {use.account, use.account_version, use.invoice, use.amount.currency(),
                                  use.amount.micros(), use.undone.micros()});
}

}  // namespace

absl::StatusOr<AccountState> AccountBookStore::Read(absl::Time deadline, const Uuid& account,
                                                    std::vector<Uuid> others) const {
  AccountState state;
  ASSIGN_OR_RETURN(state.account, BillingAccountStore(database_).Get(deadline, account));
  RETURN_IF_ERROR(ReadInvoices(deadline, std::move(others), state));
  return state;
}

absl::StatusOr<AccountBookStore::WithUses> AccountBookStore::ReadForReversal(absl::Time deadline,
                                                                             const Payment& payment) const {
  WithUses read;
  ASSIGN_OR_RETURN(read.state.account, BillingAccountStore(database_).Get(deadline, payment.account));
  ASSIGN_OR_RETURN(read.uses,
                   mysql::ListBy<CreditUse>(database_, deadline, mysql::SelectFrom(kCreditUses, kStandingUses),
                                            {payment.account}, CreditUseOf));
  std::vector<Uuid> others;
  for (const AllocatedPart& part : payment.allocation.parts) others.push_back(part.invoice);
  for (const CreditUse& use : read.uses) others.push_back(use.invoice);
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  RETURN_IF_ERROR(ReadInvoices(deadline, std::move(others), read.state));
  return read;
}

absl::Status AccountBookStore::ReadInvoices(absl::Time deadline, std::vector<Uuid> others, AccountState& state) const {
  const Uuid& account = state.account.id;
  const InvoiceStore invoices(database_);
  ASSIGN_OR_RETURN(Receivables receivables, invoices.ListReceivables(deadline, account));
  state.invoices = std::move(receivables.invoices);
  state.fees = std::move(receivables.fees);
  std::erase_if(others, [&](const Uuid& other) {
    return std::any_of(state.invoices.begin(), state.invoices.end(),
                       [&](const Invoice& invoice) { return invoice.id == other; });
  });
  if (!others.empty()) {
    ASSIGN_OR_RETURN(std::vector<Invoice> found, invoices.GetAll(deadline, account, others));
    state.invoices.insert(state.invoices.end(), std::make_move_iterator(found.begin()),
                          std::make_move_iterator(found.end()));
    ASSIGN_OR_RETURN(std::vector<FeeEntry> fees, FeeStore(database_).ListOfInvoices(deadline, account, others));
    state.fees.insert(state.fees.end(), std::make_move_iterator(fees.begin()), std::make_move_iterator(fees.end()));
  }
  return CreditNoteStore(database_).ReadCredits(deadline, state.invoices);
}

absl::StatusOr<std::vector<mysql::RowWrite>> RowsOf(const AccountChange& change) {
  std::vector<mysql::RowWrite> rows = {BillingAccountStore::Row(change.account)};
  for (const Invoice& invoice : change.invoices) rows.push_back(InvoiceStore::Row(invoice));
  for (const FeeEntry& fee : change.fees) rows.push_back(FeeStore::EarnedRow(fee));
  for (const CreditUse& use : change.uses) rows.push_back(RowOf(use));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> posted, LedgerRows(change.posting, change.account.update_time));
  AppendRows(rows, std::move(posted));
  return rows;
}

}  // namespace countersign::billing
