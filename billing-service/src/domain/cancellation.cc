#include "billing-service/src/domain/cancellation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/renewal.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// The tranche's invoiced days from `from` on, when there are any.
void AppendCredit(std::vector<CreditedDays>& credited, const Tranche& tranche, Date from) {
  from = std::max(from, tranche.start);
  if (tranche.quantity > 0 && from < tranche.billed_until) {
    credited.push_back({tranche.number, {from, tranche.billed_until}});
  }
}

// The first day that a cancellation on `day`, in the tranche's window, credits: that of added seats in their own
// window, also where a term began since; else that of the term.
Date CreditedInWindowFrom(const Subscription& subscription, const Tranche& tranche, Date day) {
  return day < CancellationWindow(tranche.start).end ? tranche.start : CurrentTerm(subscription).start;
}

// Days before `day` that no invoice line has yet are dropped.
void DropUninvoiced(Tranche& tranche, Date day) { tranche.billed_until = std::max(tranche.billed_until, day); }

// True when a line that began before the last suspension is still to come.
bool Lags(const Subscription& subscription, const Tranche& tranche) {
  return subscription.suspended_on.has_value() && tranche.billed_until < *subscription.suspended_on;
}

constexpr absl::Duration kClockTolerance = absl::Hours(1);  // By which replicas' clocks may differ, and more.
constexpr absl::Duration kPressTolerance = absl::Hours(2);  // By which link-service's clock may differ, and more.

absl::Status WindowEnded(Date until) {
  return FailedPrecondition("CANCELLATION_WINDOW_ENDED",
                            absl::StrCat("These seats could be cancelled until ", FormatDate(until),
                                         ". Later fewer seats take effect at the renewal."),
                            {{"cancellableUntil", FormatDate(until)}});
}

}  // namespace

absl::StatusOr<Date> DayOfPress(const Subscription& subscription, std::optional<absl::Time> press, absl::Time now) {
  if (press.has_value() && *press > now + kPressTolerance) {
    return InvalidField("press_time", "must not be in the future");
  }
  const absl::Time pressed = std::min(press.value_or(now), now);
  const Date day = DateOf(pressed);
  const bool first_term = subscription.committed_months == subscription.term_months;
  const Date earliest = first_term ? ServeFrom(subscription) : CurrentTerm(subscription).start;
  if (day < earliest && subscription.state != SubscriptionState::kPending) {
    if (pressed + kPressTolerance >= StartOf(earliest)) return earliest;
    return FailedPrecondition("PRESS_BEFORE_TERM",
                              absl::StrCat("The current term began on ", FormatDate(earliest), ", after ",
                                           FormatDate(day), ". Name a press from that day on."),
                              {{"termStart", FormatDate(earliest)}});
  }
  return day;
}

absl::Status CheckClock(const Subscription& subscription, absl::Time now) {
  if (now + kClockTolerance >= subscription.update_time) return absl::OkStatus();
  return FailedPrecondition("CLOCK_WENT_BACK",
                            absl::StrCat("The business clock says ", absl::FormatTime(now, absl::UTCTimeZone()),
                                         ", before the subscription's last change at ",
                                         absl::FormatTime(subscription.update_time, absl::UTCTimeZone()),
                                         ". Set the clock right, then try again."));
}

absl::StatusOr<Cancellation> CancelNow(Subscription subscription, Date day, CancelPolicy policy,
                                       absl::string_view reason) {
  RETURN_IF_ERROR(CheckTransition(subscription.state, SubscriptionState::kCancelled));
  Cancellation cancellation;
  cancellation.day = day;
  cancellation.quantity = Quantity(subscription);
  for (Tranche& tranche : subscription.tranches) {
    const Date until = CancellableUntil(subscription, tranche);
    if (day <= until) {
      AppendCredit(cancellation.credited, tranche, CreditedInWindowFrom(subscription, tranche, day));
      DropUninvoiced(tranche, day);
    } else if (policy == CancelPolicy::kWindowOnly && tranche.quantity > 0) {
      return WindowEnded(until);
    } else if (policy == CancelPolicy::kProratedCredit) {
      AppendCredit(cancellation.credited, tranche, day);
    }
  }
  subscription.state = SubscriptionState::kCancelled;
  subscription.end = day;
  subscription.cancel_reason = std::string(reason);
  subscription.suspensions.clear();
  cancellation.subscription = std::move(subscription);
  return cancellation;
}

absl::StatusOr<Cancellation> CancelTranche(Subscription subscription, int64_t tranche, Date day) {
  if (subscription.state != SubscriptionState::kActive && subscription.state != SubscriptionState::kPastDue) {
    return FailedPrecondition(
        "SUBSCRIPTION_STATE",
        absl::StrCat("The subscription is ", NameOf(subscription.state), ", not ACTIVE or PAST_DUE."),
        {{"state", std::string(NameOf(subscription.state))}});
  }
  const auto found = std::find_if(subscription.tranches.begin(), subscription.tranches.end(),
                                  [&](const Tranche& seats) { return seats.number == tranche && seats.quantity > 0; });
  if (found == subscription.tranches.end() || found->quantity == Quantity(subscription)) {
    return InvalidField("tranche", "must be one of several tranches; to end them all, cancel the subscription");
  }
  const Date until = CancellableUntil(subscription, *found);
  if (day > until) return WindowEnded(until);
  Cancellation cancellation;
  cancellation.day = day;
  cancellation.quantity = found->quantity;
  AppendCredit(cancellation.credited, *found, CreditedInWindowFrom(subscription, *found, day));
  TakeOff(*found, found->quantity, day);
  if (subscription.renewal.quantity == 0) PriceRenewalAgain(subscription);
  cancellation.subscription = std::move(subscription);
  return cancellation;
}

absl::Status CancelAtTermEnd(Subscription& subscription, Date today, absl::string_view reason) {
  RETURN_IF_ERROR(SetAutoRenew(subscription, /*auto_renew=*/false, today));
  subscription.cancel_reason = std::string(reason);
  return absl::OkStatus();
}

absl::Status Suspend(Subscription& subscription, SuspensionReason reason, Date today) {
  std::vector<SuspensionReason>& reasons = subscription.suspensions;
  if (std::find(reasons.begin(), reasons.end(), reason) != reasons.end()) {
    return FailedPrecondition("ALREADY_SUSPENDED",
                              absl::StrCat("The subscription is suspended for ", NameOf(reason), " already."));
  }
  if (subscription.state != SubscriptionState::kSuspended) {
    RETURN_IF_ERROR(CheckTransition(subscription.state, SubscriptionState::kSuspended));
    subscription.state = SubscriptionState::kSuspended;
    // A tranche whose line of before the last suspension is still to come skips the days of both.
    const bool lags =
        std::any_of(subscription.tranches.begin(), subscription.tranches.end(),
                    [&](const Tranche& seats) { return seats.quantity > 0 && Lags(subscription, seats); });
    if (!lags) subscription.suspended_on = today;
    subscription.resumed_on.reset();
  }
  reasons.push_back(reason);
  return absl::OkStatus();
}

absl::Status Resume(Subscription& subscription, SuspensionReason reason, Date today) {
  std::vector<SuspensionReason>& reasons = subscription.suspensions;
  const auto found = std::find(reasons.begin(), reasons.end(), reason);
  if (subscription.state != SubscriptionState::kSuspended || found == reasons.end()) {
    return FailedPrecondition("NOT_SUSPENDED",
                              absl::StrCat("The subscription is not suspended for ", NameOf(reason), "."));
  }
  reasons.erase(found);
  if (!reasons.empty()) return absl::OkStatus();
  subscription.state = SubscriptionState::kActive;
  for (Tranche& tranche : subscription.tranches) {
    if (!Lags(subscription, tranche)) DropUninvoiced(tranche, today);
  }
  subscription.resumed_on = today;
  return absl::OkStatus();
}

}  // namespace countersign::billing
