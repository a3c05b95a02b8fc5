#include "billing-service/src/domain/order_outlook.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/fee.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kMaxBills = 100;  // Two terms of months have fewer days on which something is due.

// Which lines are the order's: those of tranches after `tranches_before` that serve from a day of `days` on.
struct OrderedLines {
  Period days;
  int64_t tranches_before = 0;

  bool Include(const InvoiceLine& line) const {
    return line.tranche > tranches_before && line.service.start >= days.start && line.service.start < days.end;
  }
};

// The term that the order is about.
Period TermOf(const Subscription& subscription, OrderKind kind) {
  const Period term = CurrentTerm(subscription);
  if (kind != OrderKind::kRenew) return term;
  const int64_t months = subscription.committed_months + subscription.term_months;
  return {term.end, AddMonths(subscription.anchor, static_cast<int>(months))};
}

class Forecast {
 public:
  Forecast(const BillingAccount& account, const ConfirmedOrder& order, const Money& zero)
      : account_(account), order_(order), outlook_{.first_invoices = {}, .commitment = zero, .fee = zero} {}

  // Takes the lines of `ordered` from the invoices that are there, and bills the subscriptions together, each time
  // something of theirs is due, until its days end. What comes first is a first invoice.
  absl::Status Follow(const std::vector<Invoice>& invoices, std::vector<Subscription> subscriptions,
                      const OrderedLines& ordered) {
    bool is_first = true;
    for (const Invoice& invoice : invoices) RETURN_IF_ERROR(Take(invoice, ordered, is_first));
    for (int i = 0; i < kMaxBills; ++i) {
      // Later terms do not count, and the day on which the price of one is chosen is no day to bill on.
      for (Subscription& subscription : subscriptions) {
        subscription.auto_renew = CurrentTerm(subscription).end < ordered.days.end;
      }
      std::optional<Date> next;
      for (const Subscription& subscription : subscriptions) {
        const std::optional<Date> due = NextBillDate(subscription);
        if (due.has_value()) next = std::min(next.value_or(*due), *due);
      }
      if (!next.has_value() || *next >= ordered.days.end) return absl::OkStatus();
      ASSIGN_OR_RETURN(Bills bills, billing::Bill(account_, std::move(subscriptions), *next));
      for (const Invoice& invoice : bills.invoices) RETURN_IF_ERROR(Take(invoice, ordered, is_first));
      subscriptions = std::move(bills.subscriptions);
    }
    return absl::OkStatus();
  }

  OrderOutlook Done() {
    std::stable_sort(outlook_.first_invoices.begin(), outlook_.first_invoices.end(),
                     [](const Invoice& a, const Invoice& b) { return a.issue_date < b.issue_date; });
    return std::move(outlook_);
  }

 private:
  // Notes what of an invoice is the order's.
  absl::Status Take(const Invoice& invoice, const OrderedLines& ordered, bool& is_first) {
    Invoice part = invoice;
    std::erase_if(part.lines, [&](const InvoiceLine& line) { return !ordered.Include(line); });
    if (part.lines.empty()) return absl::OkStatus();
    part.number.clear();
    part.net = part.tax = *Money::Zero(order_.currency);
    for (const InvoiceLine& line : part.lines) {
      ASSIGN_OR_RETURN(part.net, part.net.Plus(line.net));
      ASSIGN_OR_RETURN(part.tax, part.tax.Plus(line.tax));
      RETURN_IF_ERROR(AddFee(line));
    }
    ASSIGN_OR_RETURN(part.total, part.net.Plus(part.tax));
    ASSIGN_OR_RETURN(outlook_.commitment, outlook_.commitment.Plus(part.net));
    if (is_first) outlook_.first_invoices.push_back(std::move(part));
    is_first = false;
    return absl::OkStatus();
  }

  absl::Status AddFee(const InvoiceLine& line) {
    if (line.fee_segments.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<Money> fees, FeeAmounts(line.net, line.fee_segments));
    for (size_t i = 0; i < fees.size(); ++i) {
      if (line.fee_segments[i].partner != order_.partner_of_record) continue;
      ASSIGN_OR_RETURN(outlook_.fee, outlook_.fee.Plus(fees[i]));
    }
    return absl::OkStatus();
  }

  const BillingAccount& account_;
  const ConfirmedOrder& order_;
  OrderOutlook outlook_;
};

}  // namespace

absl::StatusOr<OrderOutlook> OutlookOf(const ActivationResult& activated, const ConfirmedOrder& order) {
  ASSIGN_OR_RETURN(const Money zero, Money::Zero(order.currency));
  const bool priced = order.kind == OrderKind::kNew || order.kind == OrderKind::kRenew || order.change.seats_to_add > 0;
  if (!priced) return OrderOutlook{.first_invoices = {}, .commitment = zero, .fee = zero};
  BillingAccount account = activated.account;
  account.purchase_orders = {};  // The customer may still give a number, and what has none is billed here, too.
  Forecast forecast(account, order, zero);
  if (order.kind != OrderKind::kNew) {
    const Subscription& changed = activated.changed.front();
    const OrderedLines ordered{TermOf(changed, order.kind),
                               order.kind == OrderKind::kRenew ? 0 : activated.tranches_before};
    RETURN_IF_ERROR(forecast.Follow(activated.invoices, {changed}, ordered));
    return forecast.Done();
  }
  // Those that begin on one day are on one invoice. Free days make terms end on different days.
  std::map<Date, std::vector<Subscription>> by_start;
  for (const Subscription& started : activated.started) by_start[CurrentTerm(started).start].push_back(started);
  for (auto& [start, started] : by_start) {
    const OrderedLines ordered{CurrentTerm(started.front())};
    RETURN_IF_ERROR(forecast.Follow(activated.invoices, std::move(started), ordered));
  }
  return forecast.Done();
}

}  // namespace countersign::billing
