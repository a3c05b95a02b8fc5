#include "billing-service/src/domain/account_book.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/fee_accrual.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

bool CanTakeMoney(const Invoice& invoice) {
  return invoice.state == InvoiceState::kOpen || invoice.state == InvoiceState::kUncollectible;
}

std::vector<Invoice> OldestFirst(std::vector<Invoice> invoices) {
  std::sort(invoices.begin(), invoices.end(), [](const Invoice& a, const Invoice& b) {
    return std::tie(a.issue_date, a.sequence) < std::tie(b.issue_date, b.sequence);
  });
  return invoices;
}

Money Lesser(const Money& a, const Money& b) { return a.micros() < b.micros() ? a : b; }

std::vector<LineCredit> FeeCreditsOf(const Invoice& invoice) {
  std::vector<LineCredit> credits;
  for (const CreditedLine& credit : invoice.credits) credits.push_back({credit.line, credit.net, credit.days});
  return credits;
}

}  // namespace

AccountBook::AccountBook(const BillingAccount& account, std::vector<Invoice> invoices, std::vector<FeeEntry> fees,
                         const AccountAct& act)
    : account_(account),
      invoices_(OldestFirst(std::move(invoices))),
      before_(invoices_),
      fees_(std::move(fees)),
      act_(act),
      posting_(account.id, act.name, act.subject, act.date) {}

absl::StatusOr<size_t> AccountBook::Find(const Uuid& invoice) const {
  for (size_t i = 0; i < invoices_.size(); ++i) {
    if (invoices_[i].id == invoice) return i;
  }
  return absl::InternalError("An act touches an invoice that was not read.");
}

absl::Status AccountBook::AddCredit(const Money& amount) {
  ASSIGN_OR_RETURN(const Money zero, Money::Zero(account_.currency));
  ASSIGN_OR_RETURN(const Money after, account_.credit.Plus(amount));
  // A credit below zero was refunded, and has to come in again.
  ASSIGN_OR_RETURN(const Money owed, Lesser(account_.credit, zero).Minus(Lesser(after, zero)));
  ASSIGN_OR_RETURN(const Money credited, amount.Plus(owed));
  posting_.Debit(LedgerAccount::kRefundRecoverable, owed);
  posting_.Credit(LedgerAccount::kCustomerCredit, credited);
  account_.credit = after;
  return absl::OkStatus();
}

std::vector<FeeEntry> AccountBook::FeesOf(const Invoice& invoice) const {
  // An entry that this act has written replaces the one that was read.
  std::vector<FeeEntry> fees;
  for (const FeeEntry& fee : written_) {
    if (fee.invoice == invoice.id) fees.push_back(fee);
  }
  for (const FeeEntry& fee : fees_) {
    const bool rewritten =
        std::any_of(written_.begin(), written_.end(), [&](const FeeEntry& other) { return other.id == fee.id; });
    if (fee.invoice == invoice.id && !rewritten) fees.push_back(fee);
  }
  return fees;
}

absl::Status AccountBook::Write(absl::StatusOr<std::vector<FeeEntry>> fees) {
  RETURN_IF_ERROR(fees.status());
  ASSIGN_OR_RETURN(const Money sum, SumOfFees(*fees, account_.currency));
  posting_.Debit(LedgerAccount::kFeeExpense, sum);
  posting_.Credit(LedgerAccount::kFeeClearing, sum);
  written_.insert(written_.end(), fees->begin(), fees->end());
  return absl::OkStatus();
}

absl::Status AccountBook::Settle(size_t index, InvoiceState state) {
  Invoice& invoice = invoices_[index];
  RETURN_IF_ERROR(CheckTransition(invoice.state, state));
  invoice.state = state;
  if (state != InvoiceState::kPaid) return absl::OkStatus();
  invoice.paid_time = act_.now;
  return Write(AccrueFees(FeesOf(invoice), FeeCreditsOf(invoice), {FeeCause::kInvoicePaid, act_.subject, act_.now}));
}

absl::Status AccountBook::Pay(size_t index, const Money& amount) {
  Invoice& invoice = invoices_[index];
  changed_.insert(index);
  ASSIGN_OR_RETURN(invoice.paid, invoice.paid.Plus(amount));
  posting_.Credit(LedgerAccount::kAccountsReceivable, amount);
  return AmountDue(invoice).is_zero() ? Settle(index, InvoiceState::kPaid) : absl::OkStatus();
}

absl::Status AccountBook::TakeBack(size_t index, const Money& amount) {
  Invoice& invoice = invoices_[index];
  changed_.insert(index);
  ASSIGN_OR_RETURN(invoice.paid, invoice.paid.Minus(amount));
  posting_.Debit(LedgerAccount::kAccountsReceivable, amount);
  if (invoice.state != InvoiceState::kPaid) return absl::OkStatus();
  RETURN_IF_ERROR(CheckTransition(invoice.state, InvoiceState::kOpen));
  invoice.state = InvoiceState::kOpen;
  invoice.paid_time.reset();
  return Write(ReverseInFull(FeesOf(invoice), {FeeCause::kInvoiceReopened, act_.subject, act_.now}));
}

absl::StatusOr<Money> AccountBook::WithBankCharge(const AllocatedPart& part, LedgerSide side) {
  ASSIGN_OR_RETURN(const Money charge, Money::FromMicros(part.bank_charge, account_.currency));
  posting_.Debit(LedgerAccount::kBankCharges, side == LedgerSide::kDebit ? charge : charge.Negated());
  return part.amount.Plus(charge);
}

absl::Status AccountBook::Receive(const Money& amount, const Allocation& allocation) {
  posting_.Debit(LedgerAccount::kBankClearing, amount);
  for (const AllocatedPart& part : allocation.parts) {
    ASSIGN_OR_RETURN(const size_t index, Find(part.invoice));
    ASSIGN_OR_RETURN(const Money paid, WithBankCharge(part, LedgerSide::kDebit));
    RETURN_IF_ERROR(Pay(index, paid));
  }
  return AddCredit(allocation.credit);
}

absl::StatusOr<CreditNote> AccountBook::Issue(const Uuid& invoice, const CreditTerms& terms, absl::string_view reason,
                                              bool voids) {
  ASSIGN_OR_RETURN(const size_t index, Find(invoice));
  const Invoice& credited = invoices_[index];
  if (voids) {
    RETURN_IF_ERROR(CheckTransition(credited.state, InvoiceState::kVoid));
    if (!credited.paid.is_zero()) {
      return FailedPrecondition("INVOICE_PARTLY_PAID",
                                absl::StrCat(credited.paid.ToString(),
                                             " of the invoice is paid, so it cannot be voided. Write a credit note "
                                             "of the whole invoice instead."),
                                {{"paid", credited.paid.ToString()}});
    }
  }
  ASSIGN_OR_RETURN(std::vector<CreditedLine> lines, DecideCredits(credited, terms));
  ASSIGN_OR_RETURN(CreditNote note, NewCreditNote(account_, credited, std::move(lines), reason, act_.now));
  note.voids = voids;
  RETURN_IF_ERROR(Take(note));
  return note;
}

absl::Status AccountBook::WriteOff(const Uuid& invoice) {
  ASSIGN_OR_RETURN(const size_t index, Find(invoice));
  RETURN_IF_ERROR(CheckTransition(invoices_[index].state, InvoiceState::kUncollectible));
  invoices_[index].state = InvoiceState::kUncollectible;
  changed_.insert(index);
  return absl::OkStatus();
}

absl::Status AccountBook::Take(const CreditNote& note) {
  ASSIGN_OR_RETURN(const size_t index, Find(note.invoice));
  Invoice& invoice = invoices_[index];
  changed_.insert(index);
  account_.next_credit_note_sequence = note.sequence + 1;
  posting_.Debit(LedgerAccount::kRevenue, note.net);
  posting_.Debit(LedgerAccount::kTaxPayable, note.tax, invoice.tax_region);
  posting_.Credit(LedgerAccount::kAccountsReceivable, note.applied);
  ASSIGN_OR_RETURN(invoice.credited, invoice.credited.Plus(note.applied));
  invoice.credits.insert(invoice.credits.end(), note.lines.begin(), note.lines.end());
  ++invoice.credit_note_count;
  if (invoice.state == InvoiceState::kPaid) {
    RETURN_IF_ERROR(
        Write(ReverseForCredit(FeesOf(invoice), FeeCreditsOf(invoice), {FeeCause::kCreditNote, note.id, act_.now})));
  } else if (AmountDue(invoice).is_zero()) {
    RETURN_IF_ERROR(Settle(index, note.voids ? InvoiceState::kVoid : InvoiceState::kPaid));
  }
  return AddCredit(note.credited);
}

bool AccountBook::HasRoomFor(const Invoice& invoice) const {
  const size_t rows = changed_.size() + written_.size() + uses_.size();
  const auto fees = static_cast<size_t>(
      std::count_if(fees_.begin(), fees_.end(), [&](const FeeEntry& fee) { return fee.invoice == invoice.id; }));
  return rows == 0 || rows + 2 + fees <= kMaxRowsOfAct;
}

absl::Status AccountBook::UseCredit() {
  for (size_t i = 0; i < invoices_.size() && account_.credit.micros() > 0; ++i) {
    if (!CanTakeMoney(invoices_[i]) || AmountDue(invoices_[i]).is_zero()) continue;
    if (!HasRoomFor(invoices_[i])) break;
    const Money used = Lesser(account_.credit, AmountDue(invoices_[i]));
    RETURN_IF_ERROR(AddCredit(used.Negated()));
    ASSIGN_OR_RETURN(const Money nothing, Money::Zero(account_.currency));
    uses_.push_back({account_.id, account_.version + 1, invoices_[i].id, used, nothing});
    RETURN_IF_ERROR(Pay(i, used));
  }
  return absl::OkStatus();
}

absl::Status AccountBook::Refund(const Money& amount) {
  if (amount.micros() > account_.credit.micros()) {
    return FailedPrecondition(
        "REFUND_EXCEEDS_CREDIT",
        absl::StrCat("The account has a credit of ", account_.credit.ToString(), ". Refund at most that."),
        {{"credit", account_.credit.ToString()}, {"amount", amount.ToString()}});
  }
  posting_.Credit(LedgerAccount::kBankClearing, amount);
  return AddCredit(amount.Negated());
}

absl::Status AccountBook::TakeBackUses(Money missing, std::vector<CreditUse> uses) {
  std::sort(uses.begin(), uses.end(), [](const CreditUse& a, const CreditUse& b) {
    return std::tie(a.account_version, a.invoice) > std::tie(b.account_version, b.invoice);
  });
  for (CreditUse& use : uses) {
    if (missing.is_zero()) break;
    ASSIGN_OR_RETURN(const Money standing, use.amount.Minus(use.undone));
    const Money taken = Lesser(standing, missing);
    if (taken.is_zero()) continue;
    ASSIGN_OR_RETURN(const size_t index, Find(use.invoice));
    RETURN_IF_ERROR(TakeBack(index, taken));
    ASSIGN_OR_RETURN(use.undone, use.undone.Plus(taken));
    ASSIGN_OR_RETURN(missing, missing.Minus(taken));
    uses_.push_back(use);
  }
  return AddCredit(missing.Negated());
}

absl::Status AccountBook::Reverse(const Money& amount, const Allocation& allocation, std::vector<CreditUse> uses) {
  posting_.Credit(LedgerAccount::kBankClearing, amount);
  ASSIGN_OR_RETURN(const Money zero, Money::Zero(account_.currency));
  const Money from_credit = account_.credit.micros() > 0 ? Lesser(account_.credit, allocation.credit) : zero;
  ASSIGN_OR_RETURN(const Money missing, allocation.credit.Minus(from_credit));
  RETURN_IF_ERROR(AddCredit(from_credit.Negated()));
  RETURN_IF_ERROR(TakeBackUses(missing, std::move(uses)));
  for (auto part = allocation.parts.rbegin(); part != allocation.parts.rend(); ++part) {
    ASSIGN_OR_RETURN(const size_t index, Find(part->invoice));
    ASSIGN_OR_RETURN(const Money paid, WithBankCharge(*part, LedgerSide::kCredit));
    RETURN_IF_ERROR(TakeBack(index, paid));
  }
  return absl::OkStatus();
}

absl::StatusOr<AccountChange> AccountBook::Close() && {
  AccountChange change;
  change.credit_waits =
      account_.credit.micros() > 0 && std::any_of(invoices_.begin(), invoices_.end(), [](const Invoice& invoice) {
        return CanTakeMoney(invoice) && !AmountDue(invoice).is_zero();
      });
  for (const size_t index : changed_) {
    ++invoices_[index].version;
    change.invoices.push_back(std::move(invoices_[index]));
    change.before.push_back(before_[index]);
  }
  change.account = std::move(account_);
  ++change.account.version;
  change.account.update_time = act_.now;
  change.fees = std::move(written_);
  change.uses = std::move(uses_);
  ASSIGN_OR_RETURN(change.posting, std::move(posting_).Finish());
  return change;
}

}  // namespace countersign::billing
