#include "billing-service/src/domain/credit_note.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// The part of a line that earlier credit notes took.
absl::StatusOr<LineLeft> CreditedOf(const Invoice& invoice, const InvoiceLine& line) {
  LineLeft credited;
  ASSIGN_OR_RETURN(credited.net, Money::Zero(line.net.currency()));
  credited.tax = credited.net;
  for (const CreditedLine& credit : invoice.credits) {
    if (credit.line != line.number) continue;
    ASSIGN_OR_RETURN(credited.net, credited.net.Plus(credit.net));
    ASSIGN_OR_RETURN(credited.tax, credited.tax.Plus(credit.tax));
  }
  return credited;
}

absl::Status ExceedsLine(const InvoiceLine& line, const Money& left) {
  return FailedPrecondition(
      "CREDIT_EXCEEDS_LINE",
      absl::StrCat("Line ", line.number, " has ", left.ToString(), " left that was not credited. Credit at most that."),
      {{"line", absl::StrCat(line.number)}, {"left", left.ToString()}});
}

absl::Status NothingToCredit() {
  return FailedPrecondition("NOTHING_TO_CREDIT", "Nothing is left to credit there. Read the invoice's credit notes.");
}

Money Least(const Money& a, const Money& b) { return a.micros() < b.micros() ? a : b; }
Money Most(const Money& a, const Money& b) { return a.micros() < b.micros() ? b : a; }

// The next part of `total` when `days` of `all` are credited, of which `before` was: at most what is `left` of it.
absl::StatusOr<Money> NextPart(const Money& total, int64_t days, int64_t all, const Money& before, const Money& left) {
  ASSIGN_OR_RETURN(const Money so_far, total.TimesRounded(1, days, all));
  ASSIGN_OR_RETURN(const Money part, so_far.Minus(before));
  ASSIGN_OR_RETURN(const Money zero, Money::Zero(total.currency()));
  return Least(Most(part, zero), left);
}

absl::StatusOr<const InvoiceLine*> FindLine(const Invoice& invoice, int64_t number) {
  for (const InvoiceLine& line : invoice.lines) {
    if (line.number == number) return &line;
  }
  return InvalidField("credit_note.lines",
                      absl::StrCat("must be lines of the invoice, which has ", invoice.lines.size()));
}

absl::StatusOr<CreditedLine> CreditOne(const Invoice& invoice, const InvoiceLine& line, const CreditOfLine& terms) {
  if (terms.days.has_value()) return CreditDays(invoice, line, *terms.days);
  if (terms.amount.has_value()) {
    if (terms.amount->micros() < 1 || terms.amount->currency() != line.net.currency()) {
      return InvalidField("credit_note.lines", "must have amounts above zero in the invoice's currency");
    }
    return CreditGross(invoice, line, *terms.amount);
  }
  ASSIGN_OR_RETURN(const LineLeft left, LeftOf(invoice, line));
  return CreditedLine{line.number, left.net, left.tax, std::nullopt};
}

absl::StatusOr<std::vector<CreditedLine>> CreditLines(const Invoice& invoice, const std::vector<CreditOfLine>& lines) {
  std::vector<CreditedLine> credits;
  std::set<int64_t> seen;
  for (const CreditOfLine& terms : lines) {
    if (!seen.insert(terms.line).second) return InvalidField("credit_note.lines", "must name each line at most once");
    ASSIGN_OR_RETURN(const InvoiceLine* line, FindLine(invoice, terms.line));
    ASSIGN_OR_RETURN(CreditedLine credit, CreditOne(invoice, *line, terms));
    credits.push_back(std::move(credit));
  }
  std::sort(credits.begin(), credits.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return credits;
}

// `amount` over all lines by what is left of each, cumulatively.
absl::StatusOr<std::vector<CreditedLine>> CreditAmount(const Invoice& invoice, const Money& amount) {
  if (amount.micros() < 1 || amount.currency() != invoice.total.currency()) {
    return InvalidField("credit_note.amount", "must be above zero in the invoice's currency");
  }
  ASSIGN_OR_RETURN(Money left_of_all, Money::Zero(amount.currency()));
  std::vector<int64_t> shares;
  for (const InvoiceLine& line : invoice.lines) {
    ASSIGN_OR_RETURN(const LineLeft left, LeftOf(invoice, line));
    ASSIGN_OR_RETURN(const Money gross, left.net.Plus(left.tax));
    ASSIGN_OR_RETURN(left_of_all, left_of_all.Plus(gross));
    shares.push_back(gross.micros());
  }
  if (amount.micros() > left_of_all.micros()) {
    return FailedPrecondition(
        "CREDIT_EXCEEDS_INVOICE",
        absl::StrCat("The invoice has ", left_of_all.ToString(), " left that was not credited. Credit at most that."),
        {{"left", left_of_all.ToString()}, {"amount", amount.ToString()}});
  }
  ASSIGN_OR_RETURN(const std::vector<Money> parts, amount.SplitCumulatively(shares));
  std::vector<CreditedLine> credits;
  for (size_t i = 0; i < parts.size(); ++i) {
    ASSIGN_OR_RETURN(CreditedLine credit, CreditGross(invoice, invoice.lines[i], parts[i]));
    credits.push_back(std::move(credit));
  }
  return credits;
}

// All that is left of every line, or only its tax.
absl::StatusOr<std::vector<CreditedLine>> CreditEveryLine(const Invoice& invoice, bool tax_only) {
  std::vector<CreditedLine> credits;
  for (const InvoiceLine& line : invoice.lines) {
    ASSIGN_OR_RETURN(LineLeft left, LeftOf(invoice, line));
    if (tax_only) {
      ASSIGN_OR_RETURN(left.net, Money::Zero(line.net.currency()));
    }
    credits.push_back({line.number, left.net, left.tax, std::nullopt});
  }
  return credits;
}

absl::StatusOr<std::vector<CreditedLine>> CreditsOf(const Invoice& invoice, const CreditTerms& terms) {
  switch (terms.method) {
    case CreditMethod::kAmount:
      return CreditAmount(invoice, terms.amount);
    case CreditMethod::kLines:
      return CreditLines(invoice, terms.lines);
    case CreditMethod::kTax:
      return CreditEveryLine(invoice, /*tax_only=*/true);
    case CreditMethod::kWhole:
      break;
  }
  return CreditEveryLine(invoice, /*tax_only=*/false);
}

}  // namespace

std::string CreditNoteNumber(const BillingAccount& account, int64_t sequence) {
  return absl::StrCat(account.number, "-C", sequence);
}

Uuid CreditNoteId(const Uuid& account, int64_t sequence) {
  return Uuid::Derived({"credit note", account.bytes(), absl::StrCat(sequence)});
}

absl::StatusOr<LineLeft> LeftOf(const Invoice& invoice, const InvoiceLine& line) {
  ASSIGN_OR_RETURN(const LineLeft credited, CreditedOf(invoice, line));
  LineLeft left;
  ASSIGN_OR_RETURN(left.net, line.net.Minus(credited.net));
  ASSIGN_OR_RETURN(left.tax, line.tax.Minus(credited.tax));
  return left;
}

absl::StatusOr<CreditedLine> CreditGross(const Invoice& invoice, const InvoiceLine& line, const Money& gross) {
  ASSIGN_OR_RETURN(const LineLeft credited, CreditedOf(invoice, line));
  ASSIGN_OR_RETURN(const LineLeft left, LeftOf(invoice, line));
  ASSIGN_OR_RETURN(const Money gross_left, left.net.Plus(left.tax));
  if (gross.micros() > gross_left.micros()) return ExceedsLine(line, gross_left);
  CreditedLine credit{line.number, gross, left.tax, std::nullopt};
  if (left.tax.is_zero()) return credit;
  ASSIGN_OR_RETURN(const Money line_gross, line.net.Plus(line.tax));
  ASSIGN_OR_RETURN(const Money gross_before, credited.net.Plus(credited.tax));
  ASSIGN_OR_RETURN(const Money so_far, gross_before.Plus(gross));
  ASSIGN_OR_RETURN(const Money net_so_far, line.net.TimesRounded(1, so_far.micros(), line_gross.micros()));
  ASSIGN_OR_RETURN(credit.net, net_so_far.Minus(credited.net));
  // Days and taxes that were credited may have taken another share: neither part is below zero or more than is left.
  ASSIGN_OR_RETURN(const Money least, gross.Minus(Least(gross, left.tax)));
  credit.net = Least(Most(credit.net, least), Least(gross, left.net));
  ASSIGN_OR_RETURN(credit.tax, gross.Minus(credit.net));
  return credit;
}

absl::StatusOr<CreditedLine> CreditDays(const Invoice& invoice, const InvoiceLine& line, const Period& days) {
  if (days.start < line.service.start || days.end > line.service.end || days.days() < 1) {
    return InvalidField("credit_note.lines",
                        absl::StrCat("must credit days of the line's service period, ", FormatDate(line.service.start),
                                     " to ", FormatDate(line.service.end)));
  }
  int64_t days_so_far = days.days();
  LineLeft before;  // What those days took.
  ASSIGN_OR_RETURN(before.net, Money::Zero(line.net.currency()));
  before.tax = before.net;
  for (const CreditedLine& credit : invoice.credits) {
    if (credit.line != line.number || !credit.days.has_value()) continue;
    days_so_far += credit.days->days();
    ASSIGN_OR_RETURN(before.net, before.net.Plus(credit.net));
    ASSIGN_OR_RETURN(before.tax, before.tax.Plus(credit.tax));
    if (credit.days->start < days.end && days.start < credit.days->end) {
      return FailedPrecondition(
          "DAYS_ALREADY_CREDITED",
          absl::StrCat("The days ", FormatDate(credit.days->start), " to ", FormatDate(credit.days->end), " of line ",
                       line.number, " are credited already. Credit other days."),
          {{"line", absl::StrCat(line.number)}});
    }
  }
  ASSIGN_OR_RETURN(const LineLeft left, LeftOf(invoice, line));
  const int64_t all = line.service.days();
  ASSIGN_OR_RETURN(const Money net, NextPart(line.net, days_so_far, all, before.net, left.net));
  ASSIGN_OR_RETURN(const Money tax, NextPart(line.tax, days_so_far, all, before.tax, left.tax));
  return CreditedLine{line.number, net, tax, days};
}

absl::StatusOr<std::vector<CreditedLine>> DecideCredits(const Invoice& invoice, const CreditTerms& terms) {
  ASSIGN_OR_RETURN(std::vector<CreditedLine> credits, CreditsOf(invoice, terms));
  std::erase_if(credits, [](const CreditedLine& credit) { return credit.net.is_zero() && credit.tax.is_zero(); });
  if (credits.empty()) return NothingToCredit();
  return credits;
}

absl::StatusOr<CreditNote> NewCreditNote(BillingAccount& account, const Invoice& invoice,
                                         std::vector<CreditedLine> lines, absl::string_view reason, absl::Time now) {
  if (invoice.state == InvoiceState::kVoid) {
    return FailedPrecondition("INVOICE_STATE", "The invoice is VOID: it was credited in full.", {{"state", "VOID"}});
  }
  CreditNote note;
  note.account = account.id;
  note.sequence = account.next_credit_note_sequence++;
  note.id = CreditNoteId(account.id, note.sequence);
  note.number = CreditNoteNumber(account, note.sequence);
  note.invoice = invoice.id;
  note.reason = std::string(reason);
  note.issue_date = std::max(DateOf(now), invoice.issue_date);
  note.create_time = now;
  ASSIGN_OR_RETURN(note.net, Money::Zero(account.currency));
  note.tax = note.net;
  for (const CreditedLine& line : lines) {
    ASSIGN_OR_RETURN(note.net, note.net.Plus(line.net));
    ASSIGN_OR_RETURN(note.tax, note.tax.Plus(line.tax));
  }
  note.lines = std::move(lines);
  ASSIGN_OR_RETURN(note.total, note.net.Plus(note.tax));
  note.applied = Least(note.total, AmountDue(invoice));
  ASSIGN_OR_RETURN(note.credited, note.total.Minus(note.applied));
  return note;
}

}  // namespace countersign::billing
