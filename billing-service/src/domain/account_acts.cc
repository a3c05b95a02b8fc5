#include "billing-service/src/domain/account_acts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<CreditIssue> IssueCreditNote(AccountState state, const CreditOrder& order, absl::Time now) {
  const Uuid id = CreditNoteId(state.account.id, state.account.next_credit_note_sequence);
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"CREDIT_NOTE_ISSUED", id, DateOf(now), now});
  CreditIssue issue;
  ASSIGN_OR_RETURN(issue.note, book.Issue(order.invoice, order.terms, order.reason, order.voids));
  RETURN_IF_ERROR(book.UseCredit());
  ASSIGN_OR_RETURN(issue.change, std::move(book).Close());
  return issue;
}

absl::StatusOr<AccountChange> WriteOffInvoice(AccountState state, const Uuid& invoice, absl::Time now) {
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"INVOICE_WRITTEN_OFF", invoice, DateOf(now), now});
  RETURN_IF_ERROR(book.WriteOff(invoice));
  return std::move(book).Close();
}

absl::StatusOr<AccountChange> RefundCredit(const BillingAccount& account, const Refund& refund) {
  RETURN_IF_ERROR(CheckCurrency(account, refund.amount.currency()));
  AccountBook book(account, {}, {}, {"CREDIT_REFUNDED", refund.id, refund.date, refund.create_time});
  RETURN_IF_ERROR(book.Refund(refund.amount));
  return std::move(book).Close();
}

absl::StatusOr<AccountChange> UseCreditFor(AccountState state, const Uuid& subject, absl::Time now) {
  // An invoice may be the reason again, with other credit: hence the account's version.
  const Uuid use = Uuid::Derived({"credit use", subject.bytes(), absl::StrCat(state.account.version)});
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"CREDIT_USED", use, DateOf(now), now});
  RETURN_IF_ERROR(book.UseCredit());
  return std::move(book).Close();
}

}  // namespace countersign::billing
