#include "billing-service/src/domain/subscription.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/billing_run.h"
#include "common/base/error.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<SubscriptionState> kSubscriptionEdges[] = {
    {SubscriptionState::kPending, SubscriptionState::kActive},
    {SubscriptionState::kPending, SubscriptionState::kCancelled},
    {SubscriptionState::kActive, SubscriptionState::kPastDue},
    {SubscriptionState::kActive, SubscriptionState::kSuspended},
    {SubscriptionState::kActive, SubscriptionState::kCancelled},
    {SubscriptionState::kActive, SubscriptionState::kExpired},
    {SubscriptionState::kPastDue, SubscriptionState::kActive},
    {SubscriptionState::kPastDue, SubscriptionState::kSuspended},
    {SubscriptionState::kPastDue, SubscriptionState::kCancelled},
    {SubscriptionState::kPastDue, SubscriptionState::kExpired},
    {SubscriptionState::kSuspended, SubscriptionState::kActive},
    {SubscriptionState::kSuspended, SubscriptionState::kCancelled},
    {SubscriptionState::kSuspended, SubscriptionState::kExpired},
};

constexpr int kCancellationWindowDays = 7;
constexpr int kReturnMonths = 12;  // Removed seats can come back so long.

absl::Status CheckSeats(int64_t quantity, const Money& unit_price) {
  FieldViolations violations;
  if (quantity < 1) violations.Add("quantity", "must be at least 1");
  if (unit_price.micros() < 1) violations.Add("unit_price", "must be positive");
  return violations.ToStatus();
}

// Seats and terms of a subscription in any other state can no longer, or not yet, be changed.
absl::Status CheckRunning(const Subscription& subscription) {
  if (subscription.state == SubscriptionState::kActive || subscription.state == SubscriptionState::kPastDue)
    return absl::OkStatus();
  return FailedPrecondition(
      "SUBSCRIPTION_STATE",
      absl::StrCat("The subscription is ", NameOf(subscription.state), ", not ACTIVE or PAST_DUE."),
      {{"state", std::string(NameOf(subscription.state))}});
}

void AppendTranche(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price,
                   const PriceOrigin& origin, Date first_year_start) {
  const int64_t number = subscription.tranches.empty() ? 1 : subscription.tranches.back().number + 1;
  subscription.tranches.push_back({number, start, quantity, unit_price, start, first_year_start, origin});
}

// The newest go first, so that the oldest seats keep their start.
void RemoveSeats(Subscription& subscription, int64_t quantity, Date removed_on) {
  for (auto tranche = subscription.tranches.rbegin(); tranche != subscription.tranches.rend(); ++tranche) {
    const int64_t removed = std::min(quantity, tranche->quantity);
    if (removed < 1) continue;
    quantity -= removed;
    TakeOff(*tranche, removed, removed_on);
  }
}

// True while seats that left on `removed_on` can come back.
bool CanComeBack(const Tranche& tranche, Date day) {
  return tranche.removed_on.has_value() && day < AddMonths(*tranche.removed_on, kReturnMonths);
}

struct ReturningSeats {
  int64_t quantity;
  Date first_year_start;
};

// Of `quantity` seats added on `start`, those that left less than 12 months before, the oldest tranche first.
std::vector<ReturningSeats> TakeBack(Subscription& subscription, Date start, int64_t& quantity) {
  std::vector<ReturningSeats> returning;
  for (Tranche& tranche : subscription.tranches) {
    if (!CanComeBack(tranche, start)) continue;
    const int64_t back = std::min(quantity, tranche.removed_quantity);
    if (back < 1) continue;
    tranche.removed_quantity -= back;
    quantity -= back;
    returning.push_back({back, tranche.first_year_start});
  }
  return returning;
}

// Seats that come back keep their first year; what exceeds them begins one.
void AppendSeats(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price,
                 const PriceOrigin& origin) {
  for (const ReturningSeats& returning : TakeBack(subscription, start, quantity)) {
    AppendTranche(subscription, start, returning.quantity, unit_price, origin, returning.first_year_start);
  }
  if (quantity > 0) AppendTranche(subscription, start, quantity, unit_price, origin, start);
}

// The last one that covers a day; the first where none does.
PartnerAssignment& NewestAssignment(Subscription& subscription) {
  std::vector<PartnerAssignment>& partners = subscription.partners;
  const auto newest = std::find_if(partners.rbegin(), partners.rend(),
                                   [](const PartnerAssignment& assignment) { return !IsEmpty(assignment); });
  return newest == partners.rend() ? partners.front() : *newest;
}

}  // namespace

absl::Status CheckTransition(SubscriptionState from, SubscriptionState to) {
  return CheckEdge(kSubscriptionStates, kSubscriptionEdges, "subscription", from, to);
}

Date StartDate(std::optional<Date> requested, absl::Time confirm_time) {
  const Date confirmed = DateOf(confirm_time);
  return requested.has_value() ? std::max(*requested, confirmed) : confirmed;
}

absl::StatusOr<Subscription> NewSubscription(const Uuid& id, const SubscriptionTerms& terms, Date start,
                                             const Uuid& partner) {
  RETURN_IF_ERROR(CheckSeats(terms.quantity, terms.unit_price));
  if (terms.billing_months < 1 || terms.term_months < 1 || terms.term_months % terms.billing_months != 0) {
    return InvalidField("billing_months", "must be positive and divide the months of the term");
  }
  Subscription subscription;
  subscription.id = id;
  subscription.offer = terms.offer;
  subscription.title = terms.title;
  subscription.trial_days = terms.trial_days;
  subscription.purchase_order_number = terms.purchase_order_number;
  subscription.anchor = start + terms.trial_days;
  subscription.billing_months = terms.billing_months;
  subscription.term_months = terms.term_months;
  subscription.committed_months = terms.term_months;
  subscription.partners = {{partner, start, std::nullopt}};
  AppendTranche(subscription, subscription.anchor, terms.quantity, terms.unit_price, terms.origin, subscription.anchor);
  return subscription;
}

void TakeOff(Tranche& tranche, int64_t quantity, Date day) {
  tranche.removed_quantity = quantity + (CanComeBack(tranche, day) ? tranche.removed_quantity : 0);
  tranche.removed_on = day;
  tranche.quantity -= quantity;
}

void PriceRenewalAgain(Subscription& subscription) {
  RenewalPlan& renewal = subscription.renewal;
  if (renewal.source != RenewalSource::kAutomatic) return;
  renewal = {.quantity = renewal.quantity, .purchase_order_number = std::move(renewal.purchase_order_number)};
}

bool StartsUnderSuspension(const Subscription& subscription, Date day) {
  return subscription.suspended_on.has_value() && day >= *subscription.suspended_on &&
         (!subscription.resumed_on.has_value() || day < *subscription.resumed_on);
}

bool HasEnded(const Subscription& subscription) {
  return subscription.state == SubscriptionState::kCancelled || subscription.state == SubscriptionState::kExpired;
}

Date ServeFrom(const Subscription& subscription) { return subscription.anchor - subscription.trial_days; }

Period CurrentTerm(const Subscription& subscription) {
  return {AddMonths(subscription.anchor, subscription.committed_months - subscription.term_months),
          AddMonths(subscription.anchor, subscription.committed_months)};
}

int64_t Quantity(const Subscription& subscription) {
  int64_t quantity = 0;
  for (const Tranche& tranche : subscription.tranches) quantity += tranche.quantity;
  return quantity;
}

absl::Status AddSeats(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price,
                      const PriceOrigin& origin) {
  RETURN_IF_ERROR(CheckRunning(subscription));
  RETURN_IF_ERROR(CheckSeats(quantity, unit_price));
  if (start < ServeFrom(subscription) || (start >= subscription.anchor && !CurrentTerm(subscription).Contains(start))) {
    return InvalidField("start", "must lie in the trial or in the current term");
  }
  start = std::max(start, subscription.anchor);
  AppendSeats(subscription, start, quantity, unit_price, origin);
  return absl::OkStatus();
}

const std::string& PurchaseOrderOf(const Subscription& subscription, const Tranche& tranche) {
  return tranche.purchase_order_number.empty() ? subscription.purchase_order_number : tranche.purchase_order_number;
}

absl::Status SetPurchaseOrder(Subscription& subscription, int64_t tranche, const std::string& number) {
  if (HasEnded(subscription) && !NextBillDate(subscription).has_value()) {
    return FailedPrecondition(
        "SUBSCRIPTION_STATE",
        absl::StrCat("The subscription is ", NameOf(subscription.state), " and has no further lines."),
        {{"state", std::string(NameOf(subscription.state))}});
  }
  if (tranche == 0) {
    subscription.purchase_order_number = number;
    return absl::OkStatus();
  }
  const auto found = std::find_if(subscription.tranches.begin(), subscription.tranches.end(),
                                  [&](const Tranche& other) { return other.number == tranche; });
  if (found == subscription.tranches.end()) return InvalidField("tranche", "must be 0 or the number of a tranche");
  found->purchase_order_number = number;
  return absl::OkStatus();
}

absl::Status Renew(Subscription& subscription, int64_t quantity, const Money& unit_price, const PriceOrigin& origin) {
  RETURN_IF_ERROR(CheckRunning(subscription));
  RETURN_IF_ERROR(CheckSeats(quantity, unit_price));
  const Date renewal = CurrentTerm(subscription).end;
  for (const Tranche& tranche : subscription.tranches) {
    if (tranche.quantity > 0 && tranche.billed_until < renewal) {
      return FailedPrecondition("TERM_NOT_INVOICED",
                                "The old term is not fully invoiced. Invoice it at its price before the renewal.");
    }
  }
  const int64_t more = quantity - Quantity(subscription);
  RemoveSeats(subscription, -more, renewal);
  const std::string& number = subscription.renewal.purchase_order_number;
  if (!number.empty()) subscription.purchase_order_number = number;
  for (Tranche& tranche : subscription.tranches) {
    tranche.unit_price = unit_price;
    tranche.origin = origin;
    if (!number.empty()) tranche.purchase_order_number.clear();
  }
  AppendSeats(subscription, renewal, more, unit_price, origin);
  subscription.committed_months += subscription.term_months;
  subscription.renewal = {};
  return absl::OkStatus();
}

absl::Status PlanRenewal(Subscription& subscription, int64_t quantity, bool priced, const Money& unit_price,
                         const PriceOrigin& origin) {
  RETURN_IF_ERROR(CheckRunning(subscription));
  if (quantity < 0) return InvalidField("renewal_quantity", "must not be negative");
  if (priced && unit_price.micros() < 1) return InvalidField("unit_price", "must be positive");
  subscription.renewal.quantity = quantity;
  if (priced) {
    subscription.renewal.source = RenewalSource::kOrder;
    subscription.renewal.unit_price = unit_price;
    subscription.renewal.origin = origin;
    subscription.auto_renew = true;
  } else {
    PriceRenewalAgain(subscription);
  }
  return absl::OkStatus();
}

void SetNextVersion(Subscription& subscription, absl::Time now) {
  ++subscription.version;
  subscription.update_time = now;
}

void Assign(Subscription& subscription, const PartnerAssignment& assignment) {
  std::vector<PartnerAssignment>& partners = subscription.partners;
  const auto place = std::lower_bound(partners.begin(), partners.end(), assignment.start,
                                      [](const PartnerAssignment& other, Date start) { return other.start < start; });
  if (place != partners.end() && place->start == assignment.start) {
    *place = assignment;
  } else {
    partners.insert(place, assignment);
  }
}

Date NextMonthlyDay(const Subscription& subscription, Date day) {
  if (day < subscription.anchor) return subscription.anchor;
  return PeriodContaining(subscription.anchor, /*months=*/1, day).end;
}

absl::StatusOr<Date> ChangePartner(Subscription& subscription, const Uuid& partner, Date confirm_date) {
  if (subscription.state != SubscriptionState::kSuspended) RETURN_IF_ERROR(CheckRunning(subscription));
  PartnerAssignment& current = NewestAssignment(subscription);
  if (current.start > confirm_date) {
    return FailedPrecondition("PARTNER_CHANGE_PENDING",
                              "Another change of partner takes effect later. Try again after it.",
                              {{"startDate", FormatDate(current.start)}});
  }
  if (current.partner == partner && !current.end.has_value()) {
    return FailedPrecondition("ALREADY_PARTNER_OF_RECORD", "The partner is of record for this subscription already.");
  }
  const Date start = NextMonthlyDay(subscription, confirm_date);
  if (!current.end.has_value() || *current.end > start) current.end = start;
  Assign(subscription, {partner, start, std::nullopt});
  return start;
}

absl::Status CheckPartnerOfRecord(const Subscription& subscription, const Uuid& partner, Date date) {
  if (PartnerAt(subscription, date) == partner) return absl::OkStatus();
  return FailedPrecondition("NOT_PARTNER_OF_RECORD",
                            "Only the subscription's partner of record may ask for this change.",
                            {{"subscription", subscription.id.ToString()}});
}

std::optional<Uuid> PartnerAt(const Subscription& subscription, Date date) {
  for (const PartnerAssignment& assignment : subscription.partners) {
    if (assignment.start <= date && (!assignment.end.has_value() || date < *assignment.end)) return assignment.partner;
  }
  return std::nullopt;
}

Period CancellationWindow(Date start) { return {start, start + kCancellationWindowDays}; }

Date CancellableUntil(const Subscription& subscription, const Tranche& tranche) {
  return CancellationWindow(std::max(tranche.start, CurrentTerm(subscription).start)).end - 1;
}

}  // namespace countersign::billing
