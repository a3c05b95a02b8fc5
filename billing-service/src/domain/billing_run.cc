#include "billing-service/src/domain/billing_run.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/renewal.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kMonthsOfYear = 12;

// Suspended or cancelled, days served before may still be invoiced: NextLineDue.
bool IsBilled(const Subscription& subscription) {
  return subscription.state != SubscriptionState::kPending && subscription.state != SubscriptionState::kExpired;
}

// The first day of the tranche's next line: days of a suspension that is over are skipped.
Date NextLineStart(const Subscription& subscription, const Tranche& tranche) {
  const bool skips = subscription.resumed_on.has_value() && StartsUnderSuspension(subscription, tranche.billed_until);
  return skips ? *subscription.resumed_on : tranche.billed_until;
}

// The first day that a line from `start` on does not serve.
Date NextLineEnd(const Subscription& subscription, Date start) {
  const Date end = PeriodContaining(subscription.anchor, subscription.billing_months, start).end;
  return subscription.state == SubscriptionState::kCancelled ? std::min(end, subscription.end.value_or(end)) : end;
}

void StartIfDue(Subscription& subscription, Date date) {
  if (subscription.state == SubscriptionState::kPending && ServeFrom(subscription) <= date) {
    subscription.state = SubscriptionState::kActive;
  }
}

// The tranche's next line, which must be there; moves billed_until to its end.
absl::StatusOr<InvoiceLine> NextLine(const Subscription& subscription, Tranche& tranche,
                                     const FeeSchedules& fee_schedules) {
  InvoiceLine line;
  line.subscription = subscription.id;
  line.tranche = tranche.number;
  line.quantity = tranche.quantity;
  line.unit_price = tranche.unit_price;
  line.price = {tranche.origin.price, tranche.origin.tier_min_quantity, std::nullopt};
  if (tranche.origin.promotion.has_value()) line.price.list_price = tranche.origin.promotion->list_price;
  line.purchase_order_number = PurchaseOrderOf(subscription, tranche);
  line.months = subscription.billing_months;
  const Date start = NextLineStart(subscription, tranche);
  line.billing_period = PeriodContaining(subscription.anchor, subscription.billing_months, start);
  line.service = {start, NextLineEnd(subscription, start)};
  line.description = DescriptionOf(subscription.title, line);
  ASSIGN_OR_RETURN(line.net,
                   LineAmount(line.unit_price, line.quantity, line.months, line.service, line.billing_period));
  if (const std::optional<Uuid> partner = PartnerAt(subscription, line.service.start); partner.has_value()) {
    ASSIGN_OR_RETURN(const FeeSchedule* const schedule, ScheduleFor(fee_schedules, line.service.start));
    line.fee_segments = FreezeFeeSegments(*partner, tranche.number, tranche.first_year_start, line.service, *schedule);
  }
  tranche.billed_until = line.service.end;
  tranche.billed_until = NextLineStart(subscription, tranche);
  return line;
}

// Appends the subscription's lines due in its current term, until there are `max_lines`.
absl::Status AppendLinesDue(Subscription& subscription, const FeeSchedules& fee_schedules, Date date, size_t max_lines,
                            std::vector<InvoiceLine>& lines) {
  for (Tranche& tranche : subscription.tranches) {
    while (lines.size() < max_lines) {
      const std::optional<Date> due = NextLineDue(subscription, tranche);
      if (!due.has_value() || *due > date) break;
      ASSIGN_OR_RETURN(InvoiceLine line, NextLine(subscription, tranche, fee_schedules));
      lines.push_back(std::move(line));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<InvoiceLine>> LinesDue(std::vector<Subscription>& subscriptions,
                                                  const FeeSchedules& fee_schedules, Date date, size_t max_lines) {
  std::vector<InvoiceLine> lines;
  for (Subscription& subscription : subscriptions) {
    StartIfDue(subscription, date);
    bool next_term = true;
    while (next_term) {
      if (IsBilled(subscription)) RETURN_IF_ERROR(AppendLinesDue(subscription, fee_schedules, date, max_lines, lines));
      if (lines.size() >= max_lines) return lines;
      ASSIGN_OR_RETURN(next_term, EndTerm(subscription, date));
    }
  }
  return lines;
}

absl::Status CheckPurchaseOrders(const BillingAccount& account, const std::vector<InvoiceLine>& lines) {
  if (account.purchase_orders.required_from == 0) return absl::OkStatus();
  for (const InvoiceLine& line : lines) {
    if (!line.purchase_order_number.empty()) continue;
    return FailedPrecondition(
        "PO_REQUIRED",
        absl::StrCat("The account requires a purchase-order number, and tranche ", line.tranche, " of subscription ",
                     line.subscription.ToString(), " has none. Give it one with SetPurchaseOrderNumber."),
        {{"subscription", line.subscription.ToString()}, {"tranche", absl::StrCat(line.tranche)}});
  }
  return absl::OkStatus();
}

// The lines of each invoice, in order.
std::vector<std::vector<InvoiceLine>> Gather(const BillingAccount& account, std::vector<InvoiceLine> lines) {
  const bool split = account.purchase_orders.split_from > 0;
  std::vector<std::vector<InvoiceLine>> gathered;
  for (InvoiceLine& line : lines) {
    auto place = std::find_if(gathered.begin(), gathered.end(), [&](const std::vector<InvoiceLine>& invoice) {
      return invoice.size() < kMaxLinesPerInvoice &&
             (!split || invoice.front().purchase_order_number == line.purchase_order_number);
    });
    if (place == gathered.end()) place = gathered.insert(gathered.end(), std::vector<InvoiceLine>());
    place->push_back(std::move(line));
  }
  return gathered;
}

// That of all its lines; empty where they differ.
std::string CommonPurchaseOrder(const std::vector<InvoiceLine>& lines) {
  const std::string& first = lines.front().purchase_order_number;
  const bool common = std::all_of(lines.begin(), lines.end(),
                                  [&](const InvoiceLine& line) { return line.purchase_order_number == first; });
  return common ? first : std::string();
}

}  // namespace

bool LacksPurchaseOrder(const BillingAccount& account, const Subscription& subscription) {
  return account.purchase_orders.required_from > 0 &&
         std::any_of(subscription.tranches.begin(), subscription.tranches.end(), [&](const Tranche& tranche) {
           return tranche.quantity > 0 && PurchaseOrderOf(subscription, tranche).empty();
         });
}

absl::StatusOr<Money> LineAmount(const Money& unit_price, int64_t quantity, int64_t months, const Period& service,
                                 const Period& billing_period) {
  return unit_price.TimesRounded(quantity, months * service.days(), billing_period.days());
}

std::optional<Date> NextLineDue(const Subscription& subscription, const Tranche& tranche) {
  const Date term_end = CurrentTerm(subscription).end;
  const Date start = NextLineStart(subscription, tranche);
  if (tranche.quantity < 1 || start >= term_end) return std::nullopt;
  const bool suspended = subscription.state == SubscriptionState::kSuspended;
  if (suspended && !subscription.suspended_on.has_value()) return std::nullopt;  // Of before that day was kept.
  if (StartsUnderSuspension(subscription, start)) return std::nullopt;
  if (subscription.state == SubscriptionState::kCancelled) {
    return start < subscription.end.value_or(start) ? subscription.end : std::nullopt;
  }
  const Period period = PeriodContaining(subscription.anchor, subscription.billing_months, start);
  const bool whole = start == period.start;
  const bool at_once = subscription.billing_months >= kMonthsOfYear || period.end >= term_end;
  // Days before it were not served: a suspended subscription came back inside the period.
  const bool reinstated = !whole && start != tranche.start;
  return whole || at_once || reinstated ? start : period.end;
}

std::optional<Date> NextBillDate(const Subscription& subscription) {
  if (subscription.state == SubscriptionState::kPending) return ServeFrom(subscription);
  std::optional<Date> earliest = NextRenewalDate(subscription);
  if (!IsBilled(subscription)) return earliest;
  for (const Tranche& tranche : subscription.tranches) {
    const std::optional<Date> due = NextLineDue(subscription, tranche);
    if (due.has_value()) earliest = std::min(earliest.value_or(*due), *due);
  }
  return earliest;
}

absl::StatusOr<Bills> Bill(BillingAccount account, std::vector<Subscription> subscriptions, Date date,
                           size_t max_lines) {
  ASSIGN_OR_RETURN(std::vector<InvoiceLine> lines, LinesDue(subscriptions, account.fee_schedules, date, max_lines));
  RETURN_IF_ERROR(CheckPurchaseOrders(account, lines));
  // Dates of an account's invoices never decrease, whatever the clock does.
  const Date issue_date = std::max(date, account.last_issue_date.value_or(date));
  Bills bills;
  for (std::vector<InvoiceLine>& gathered : Gather(account, std::move(lines))) {
    std::string purchase_order = CommonPurchaseOrder(gathered);
    ASSIGN_OR_RETURN(Invoice invoice, OpenInvoice(account, std::move(gathered), issue_date));
    invoice.purchase_order_number = std::move(purchase_order);
    account.last_issue_date = issue_date;
    bills.invoices.push_back(std::move(invoice));
  }
  bills.account = std::move(account);
  bills.subscriptions = std::move(subscriptions);
  return bills;
}

}  // namespace countersign::billing
