#include "billing-service/src/domain/invoice.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

using State = InvoiceState;

constexpr Edge<State> kInvoiceEdges[] = {
    {State::kOpen, State::kPaid},          {State::kOpen, State::kVoid},          {State::kOpen, State::kUncollectible},
    {State::kUncollectible, State::kPaid}, {State::kUncollectible, State::kVoid}, {State::kPaid, State::kOpen},
};

constexpr int kMonthsOfYear = 12;

bool IsBilled(const Subscription& subscription) {
  return subscription.state == SubscriptionState::kActive || subscription.state == SubscriptionState::kPastDue;
}

void StartIfDue(Subscription& subscription, Date date) {
  if (subscription.state == SubscriptionState::kPending && subscription.anchor <= date) {
    subscription.state = SubscriptionState::kActive;
  }
}

// The tranche's next line, which must be there; moves billed_until to its end.
absl::StatusOr<InvoiceLine> NextLine(const Subscription& subscription, Tranche& tranche) {
  InvoiceLine line;
  line.subscription = subscription.id;
  line.tranche = tranche.number;
  line.quantity = tranche.quantity;
  line.unit_price = tranche.unit_price;
  line.months = subscription.billing_months;
  line.billing_period = PeriodContaining(subscription.anchor, subscription.billing_months, tranche.billed_until);
  line.service = {tranche.billed_until, line.billing_period.end};
  line.description = absl::StrCat(subscription.title, ", ", tranche.quantity, " seats, ",
                                  FormatDate(line.service.start), " to ", FormatDate(line.service.end - 1));
  ASSIGN_OR_RETURN(line.net,
                   LineAmount(line.unit_price, line.quantity, line.months, line.service, line.billing_period));
  if (const std::optional<Uuid> partner = PartnerAt(subscription, line.service.start); partner.has_value()) {
    line.fee_segments = FreezeFeeSegments(*partner, tranche.number, tranche.start, line.service);
  }
  tranche.billed_until = line.service.end;
  return line;
}

absl::StatusOr<std::vector<InvoiceLine>> LinesDue(std::vector<Subscription>& subscriptions, Date date) {
  std::vector<InvoiceLine> lines;
  for (Subscription& subscription : subscriptions) {
    StartIfDue(subscription, date);
    if (!IsBilled(subscription)) continue;
    for (Tranche& tranche : subscription.tranches) {
      while (true) {
        const std::optional<Date> due = NextLineDue(subscription, tranche);
        if (!due.has_value() || *due > date) break;
        ASSIGN_OR_RETURN(InvoiceLine line, NextLine(subscription, tranche));
        lines.push_back(std::move(line));
      }
    }
  }
  return lines;
}

absl::StatusOr<Invoice> OpenInvoice(BillingAccount& account, std::vector<InvoiceLine> lines, Date date) {
  Invoice invoice;
  invoice.account = account.id;
  invoice.sequence = account.next_invoice_sequence++;
  invoice.id = InvoiceId(account.id, invoice.sequence);
  invoice.number = InvoiceNumber(account, invoice.sequence);
  invoice.issue_date = date;
  invoice.due_date = date + kPaymentTermDays;
  invoice.lines = std::move(lines);
  ASSIGN_OR_RETURN(invoice.net, Money::Zero(account.currency));
  // No tax is set up for any account, so the total is the net.
  invoice.tax = invoice.paid = invoice.net;
  int64_t number = 0;
  for (InvoiceLine& line : invoice.lines) {
    line.number = ++number;
    ASSIGN_OR_RETURN(invoice.net, invoice.net.Plus(line.net));
  }
  ASSIGN_OR_RETURN(invoice.total, invoice.net.Plus(invoice.tax));
  return invoice;
}

}  // namespace

absl::Status CheckTransition(InvoiceState from, InvoiceState to) {
  return CheckEdge(kInvoiceStates, kInvoiceEdges, "invoice", from, to);
}

absl::StatusOr<Money> LineAmount(const Money& unit_price, int64_t quantity, int64_t months, const Period& service,
                                 const Period& billing_period) {
  return unit_price.TimesRounded(quantity, months * service.days(), billing_period.days());
}

std::optional<Date> NextLineDue(const Subscription& subscription, const Tranche& tranche) {
  const Date term_end = CurrentTerm(subscription).end;
  if (tranche.billed_until >= term_end) return std::nullopt;
  const Period period = PeriodContaining(subscription.anchor, subscription.billing_months, tranche.billed_until);
  const bool whole = tranche.billed_until == period.start;
  const bool at_once = subscription.billing_months >= kMonthsOfYear || period.end >= term_end;
  return whole || at_once ? tranche.billed_until : period.end;
}

std::optional<Date> NextBillDate(const Subscription& subscription) {
  if (!IsBilled(subscription) && subscription.state != SubscriptionState::kPending) return std::nullopt;
  std::optional<Date> earliest;
  for (const Tranche& tranche : subscription.tranches) {
    const std::optional<Date> due = NextLineDue(subscription, tranche);
    if (due.has_value()) earliest = std::min(earliest.value_or(*due), *due);
  }
  return earliest;
}

Money AmountDue(const Invoice& invoice) {
  // Both are of one currency and paid never exceeds the total, so this cannot fail.
  return invoice.total.Minus(invoice.paid).value_or(invoice.total);
}

std::vector<FeeEntry> FrozenFees(const Invoice& invoice) {
  std::vector<FeeEntry> fees;
  for (const InvoiceLine& line : invoice.lines) {
    Date start = line.service.start;
    int64_t number = 0;
    for (const FeeSegment& segment : line.fee_segments) {
      FeeEntry fee;
      fee.segment_number = ++number;
      fee.id = FeeId(invoice.id, line.number, fee.segment_number, fee.key);
      fee.account = invoice.account;
      fee.invoice = invoice.id;
      fee.line = line.number;
      fee.subscription = line.subscription;
      fee.segment = segment;
      fee.service = {start, start + segment.days};
      fee.line_days = line.service.days();
      fee.line_net = fee.basis = line.net;
      fee.basis_days = fee.line_days;
      start = fee.service.end;
      fees.push_back(std::move(fee));
    }
  }
  return fees;
}

absl::StatusOr<Bills> Bill(BillingAccount account, std::vector<Subscription> subscriptions, Date date) {
  ASSIGN_OR_RETURN(std::vector<InvoiceLine> lines, LinesDue(subscriptions, date));
  Bills bills;
  for (auto line = lines.begin(); line != lines.end();) {
    const auto end = line + std::min<std::ptrdiff_t>(kMaxLinesPerInvoice, lines.end() - line);
    ASSIGN_OR_RETURN(Invoice invoice,
                     OpenInvoice(account, {std::make_move_iterator(line), std::make_move_iterator(end)}, date));
    bills.invoices.push_back(std::move(invoice));
    line = end;
  }
  bills.account = std::move(account);
  bills.subscriptions = std::move(subscriptions);
  return bills;
}

}  // namespace countersign::billing
