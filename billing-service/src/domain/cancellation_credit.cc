#include "billing-service/src/domain/cancellation_credit.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// The days of the line that the cancellation takes back; empty when none.
Period DaysOf(const Cancellation& cancellation, const Invoice& invoice, const InvoiceLine& line) {
  const bool ended = cancellation.subscription.state == SubscriptionState::kCancelled;
  if (ended && line.service.start >= cancellation.day && invoice.issue_date > cancellation.day) return line.service;
  for (const CreditedDays& credited : cancellation.credited) {
    if (credited.tranche != line.tranche) continue;
    const Period days = {std::max(credited.days.start, line.service.start), line.service.end};
    if (days.start < days.end) return days;
  }
  return {line.service.start, line.service.start};
}

// `days` without those that earlier credit notes took of the line.
std::vector<Period> WithoutCredited(const Invoice& invoice, const InvoiceLine& line, const Period& days) {
  std::vector<Period> left = {days};
  for (const CreditedLine& credit : invoice.credits) {
    if (credit.line != line.number || !credit.days.has_value()) continue;
    std::vector<Period> rest;
    for (const Period& part : left) {
      const Period before = {part.start, std::min(part.end, credit.days->start)};
      const Period after = {std::max(part.start, credit.days->end), part.end};
      if (before.start < before.end) rest.push_back(before);
      if (after.start < after.end) rest.push_back(after);
    }
    left = std::move(rest);
  }
  return left;
}

std::vector<CreditOfLine> CreditsOfLine(const Cancellation& cancellation, const Invoice& invoice,
                                        const InvoiceLine& line) {
  const Period days = DaysOf(cancellation, invoice, line);
  if (line.subscription != cancellation.subscription.id || days.start >= days.end) return {};
  const bool touched = std::any_of(invoice.credits.begin(), invoice.credits.end(),
                                   [&](const CreditedLine& credit) { return credit.line == line.number; });
  if (touched && days == line.service) return {{line.number, std::nullopt, std::nullopt}};
  std::vector<CreditOfLine> credits;
  for (const Period& part : WithoutCredited(invoice, line, days)) credits.push_back({line.number, std::nullopt, part});
  return credits;
}

// A note credits each line once: what is left of a line in several pieces takes as many notes.
std::vector<CreditTerms> TermsOf(const Cancellation& cancellation, const Invoice& invoice) {
  std::vector<CreditTerms> terms;
  for (const InvoiceLine& line : invoice.lines) {
    const std::vector<CreditOfLine> credits = CreditsOfLine(cancellation, invoice, line);
    for (size_t i = 0; i < credits.size(); ++i) {
      if (terms.size() <= i) terms.push_back({.method = CreditMethod::kLines, .amount = {}, .lines = {}});
      terms[i].lines.push_back(credits[i]);
    }
  }
  return terms;
}

absl::Status AddUp(CancellationCredit& credit) {
  for (const CreditNote& note : credit.notes) {
    ASSIGN_OR_RETURN(credit.credited, credit.credited.Plus(note.total));
  }
  if (!credit.change.has_value()) return absl::OkStatus();
  for (const FeeEntry& fee : credit.change->fees) {
    if (fee.cause != FeeCause::kCreditNote) continue;
    ASSIGN_OR_RETURN(credit.fee_reversed, credit.fee_reversed.Plus(fee.amount));
  }
  return absl::OkStatus();
}

}  // namespace

Date CreditedFrom(const Cancellation& cancellation) {
  Date from = cancellation.day;
  for (const CreditedDays& credited : cancellation.credited) from = std::min(from, credited.days.start);
  return from;
}

std::vector<CreditOrder> CreditOrdersOf(const Cancellation& cancellation, const std::vector<Invoice>& invoices,
                                        absl::string_view reason) {
  std::vector<const Invoice*> oldest_first;
  for (const Invoice& invoice : invoices) {
    if (invoice.state != InvoiceState::kVoid) oldest_first.push_back(&invoice);
  }
  std::sort(oldest_first.begin(), oldest_first.end(),
            [](const Invoice* a, const Invoice* b) { return a->sequence < b->sequence; });
  std::vector<CreditOrder> orders;
  for (const Invoice* invoice : oldest_first) {
    for (CreditTerms& terms : TermsOf(cancellation, *invoice)) {
      orders.push_back({.invoice = invoice->id, .terms = std::move(terms), .reason = std::string(reason)});
    }
  }
  return orders;
}

absl::StatusOr<std::vector<CreditNote>> IssueAll(AccountBook& book, const std::vector<CreditOrder>& orders) {
  std::vector<CreditNote> notes;
  for (const CreditOrder& order : orders) {
    absl::StatusOr<CreditNote> note = book.Issue(order.invoice, order.terms, order.reason);
    if (note.ok()) {
      notes.push_back(*std::move(note));
    } else if (DetailsOf(note.status()).reason != "NOTHING_TO_CREDIT") {
      return note.status();
    }
  }
  return notes;
}

absl::StatusOr<CancellationCredit> CreditCancellation(const Cancellation& cancellation, AccountState state,
                                                      absl::string_view reason, absl::Time now) {
  CancellationCredit credit;
  ASSIGN_OR_RETURN(credit.credited, Money::Zero(state.account.currency));
  credit.fee_reversed = credit.credited;
  const std::vector<CreditOrder> orders = CreditOrdersOf(cancellation, state.invoices, reason);
  // A subscription may be cancelled in part and again: each act is of its next version.
  const Subscription& subscription = cancellation.subscription;
  const Uuid subject = Uuid::Derived({"cancellation", subscription.id.bytes(), absl::StrCat(subscription.version + 1)});
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"SUBSCRIPTION_CANCELLED", subject, DateOf(now), now});
  ASSIGN_OR_RETURN(credit.notes, IssueAll(book, orders));
  if (credit.notes.empty()) return credit;
  RETURN_IF_ERROR(book.UseCredit());
  ASSIGN_OR_RETURN(credit.change, std::move(book).Close());
  RETURN_IF_ERROR(AddUp(credit));
  return credit;
}

}  // namespace countersign::billing
