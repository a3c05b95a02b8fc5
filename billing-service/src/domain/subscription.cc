#include "billing-service/src/domain/subscription.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

using State = SubscriptionState;

constexpr Edge<State> kSubscriptionEdges[] = {
    {State::kPending, State::kActive},    {State::kPending, State::kCancelled}, {State::kActive, State::kPastDue},
    {State::kActive, State::kSuspended},  {State::kActive, State::kCancelled},  {State::kActive, State::kExpired},
    {State::kPastDue, State::kActive},    {State::kPastDue, State::kSuspended}, {State::kPastDue, State::kCancelled},
    {State::kPastDue, State::kExpired},   {State::kSuspended, State::kActive},  {State::kSuspended, State::kCancelled},
    {State::kSuspended, State::kExpired},
};

constexpr int kCancellationWindowDays = 7;

absl::Status CheckSeats(int64_t quantity, const Money& unit_price) {
  FieldViolations violations;
  if (quantity < 1) violations.Add("quantity", "must be at least 1");
  if (unit_price.micros() < 1) violations.Add("unit_price", "must be positive");
  return violations.ToStatus();
}

// Seats and terms of a subscription in any other state can no longer, or not yet, be changed.
absl::Status CheckRunning(const Subscription& subscription) {
  if (subscription.state == State::kActive || subscription.state == State::kPastDue) return absl::OkStatus();
  return FailedPrecondition(
      "SUBSCRIPTION_STATE",
      absl::StrCat("The subscription is ", NameOf(subscription.state), ", not ACTIVE or PAST_DUE."),
      {{"state", std::string(NameOf(subscription.state))}});
}

void AppendTranche(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price) {
  const int64_t number = subscription.tranches.empty() ? 1 : subscription.tranches.back().number + 1;
  subscription.tranches.push_back({number, start, quantity, unit_price, start});
}

// The newest go first, so that the oldest seats keep their start.
void RemoveSeats(Subscription& subscription, int64_t quantity) {
  while (quantity > 0) {
    Tranche& newest = subscription.tranches.back();
    const int64_t removed = std::min(quantity, newest.quantity);
    quantity -= removed;
    newest.quantity -= removed;
    if (newest.quantity == 0) subscription.tranches.pop_back();
  }
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
  subscription.anchor = start;
  subscription.billing_months = terms.billing_months;
  subscription.term_months = terms.term_months;
  subscription.committed_months = terms.term_months;
  subscription.partners = {{partner, start, std::nullopt}};
  AppendTranche(subscription, start, terms.quantity, terms.unit_price);
  return subscription;
}

Period CurrentTerm(const Subscription& subscription) {
  return {AddMonths(subscription.anchor, subscription.committed_months - subscription.term_months),
          AddMonths(subscription.anchor, subscription.committed_months)};
}

int64_t Quantity(const Subscription& subscription) {
  int64_t quantity = 0;
  for (const Tranche& tranche : subscription.tranches) quantity += tranche.quantity;
  return quantity;
}

absl::Status AddSeats(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price) {
  RETURN_IF_ERROR(CheckRunning(subscription));
  RETURN_IF_ERROR(CheckSeats(quantity, unit_price));
  if (!CurrentTerm(subscription).Contains(start) || start < subscription.tranches.back().start) {
    return InvalidField("start", "must lie in the current term and not before the newest seats");
  }
  AppendTranche(subscription, start, quantity, unit_price);
  return absl::OkStatus();
}

absl::Status Renew(Subscription& subscription, int64_t quantity, const Money& unit_price) {
  RETURN_IF_ERROR(CheckRunning(subscription));
  RETURN_IF_ERROR(CheckSeats(quantity, unit_price));
  const Date renewal = CurrentTerm(subscription).end;
  for (const Tranche& tranche : subscription.tranches) {
    if (tranche.billed_until < renewal) {
      return FailedPrecondition("TERM_NOT_INVOICED",
                                "The old term is not fully invoiced. Invoice it at its price before the renewal.");
    }
  }
  const int64_t more = quantity - Quantity(subscription);
  RemoveSeats(subscription, -more);
  for (Tranche& tranche : subscription.tranches) tranche.unit_price = unit_price;
  if (more > 0) AppendTranche(subscription, renewal, more, unit_price);
  subscription.committed_months += subscription.term_months;
  return absl::OkStatus();
}

absl::StatusOr<Date> ChangePartner(Subscription& subscription, const Uuid& partner, Date confirm_date) {
  Date free = std::max(confirm_date, subscription.anchor);
  for (const Tranche& tranche : subscription.tranches) {
    // A tranche that was never invoiced claims no period.
    if (tranche.billed_until > tranche.start) free = std::max(free, tranche.billed_until);
  }
  const Period period = PeriodContaining(subscription.anchor, subscription.billing_months, free);
  const Date start = period.start == free ? free : period.end;
  PartnerAssignment& current = subscription.partners.back();
  if (current.start >= start) return InvalidField("partner", "another change of partner starts at that period");
  current.end = start;
  subscription.partners.push_back({partner, start, std::nullopt});
  return start;
}

std::optional<Uuid> PartnerAt(const Subscription& subscription, Date date) {
  for (const PartnerAssignment& assignment : subscription.partners) {
    if (assignment.start <= date && (!assignment.end.has_value() || date < *assignment.end)) return assignment.partner;
  }
  return std::nullopt;
}

Period CancellationWindow(Date start) { return {start, start + kCancellationWindowDays}; }

}  // namespace countersign::billing
