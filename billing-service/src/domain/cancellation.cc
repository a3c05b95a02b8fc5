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

using State = SubscriptionState;

// The tranche's invoiced days from `from` on, when there are any.
void AppendCredit(std::vector<CreditedDays>& credited, const Tranche& tranche, Date from) {
  from = std::max(from, tranche.start);
  if (tranche.quantity > 0 && from < tranche.billed_until) {
    credited.push_back({tranche.number, {from, tranche.billed_until}});
  }
}

}  // namespace

absl::StatusOr<Cancellation> CancelNow(Subscription subscription, Date day, CancelPolicy policy,
                                       absl::string_view reason) {
  RETURN_IF_ERROR(CheckTransition(subscription.state, State::kCancelled));
  Cancellation cancellation;
  const Date term_start = CurrentTerm(subscription).start;
  for (const Tranche& tranche : subscription.tranches) {
    if (day <= CancellableUntil(subscription, tranche)) {
      AppendCredit(cancellation.credited, tranche, term_start);
    } else if (policy == CancelPolicy::kProratedCredit) {
      AppendCredit(cancellation.credited, tranche, day);
    }
  }
  subscription.state = State::kCancelled;
  subscription.end = day;
  subscription.cancel_reason = std::string(reason);
  subscription.suspensions.clear();
  cancellation.subscription = std::move(subscription);
  return cancellation;
}

absl::StatusOr<Cancellation> CancelTranche(Subscription subscription, int64_t tranche, Date day) {
  if (subscription.state != State::kActive && subscription.state != State::kPastDue) {
    return FailedPrecondition("SUBSCRIPTION_STATE",
                              absl::StrCat("The subscription is ", NameOf(subscription.state), "."),
                              {{"state", std::string(NameOf(subscription.state))}});
  }
  const auto found = std::find_if(subscription.tranches.begin(), subscription.tranches.end(),
                                  [&](const Tranche& seats) { return seats.number == tranche && seats.quantity > 0; });
  if (found == subscription.tranches.end() || found->quantity == Quantity(subscription)) {
    return InvalidField("tranche", "must be one of several tranches; to end them all, cancel the subscription");
  }
  const Date until = CancellableUntil(subscription, *found);
  if (day > until) {
    return FailedPrecondition("CANCELLATION_WINDOW_ENDED",
                              absl::StrCat("These seats could be cancelled until ", FormatDate(until),
                                           ". Later fewer seats take effect at the renewal."),
                              {{"cancellableUntil", FormatDate(until)}});
  }
  Cancellation cancellation;
  AppendCredit(cancellation.credited, *found, CurrentTerm(subscription).start);
  found->quantity = 0;
  cancellation.subscription = std::move(subscription);
  return cancellation;
}

absl::Status CancelAtTermEnd(Subscription& subscription, Date today, absl::string_view reason) {
  RETURN_IF_ERROR(SetAutoRenew(subscription, /*auto_renew=*/false, today));
  subscription.cancel_reason = std::string(reason);
  return absl::OkStatus();
}

absl::Status Suspend(Subscription& subscription, SuspensionReason reason) {
  std::vector<SuspensionReason>& reasons = subscription.suspensions;
  if (std::find(reasons.begin(), reasons.end(), reason) != reasons.end()) {
    return FailedPrecondition("ALREADY_SUSPENDED",
                              absl::StrCat("The subscription is suspended for ", NameOf(reason), " already."));
  }
  if (subscription.state != State::kSuspended) {
    RETURN_IF_ERROR(CheckTransition(subscription.state, State::kSuspended));
    subscription.state = State::kSuspended;
  }
  reasons.push_back(reason);
  return absl::OkStatus();
}

absl::Status Resume(Subscription& subscription, SuspensionReason reason, Date today) {
  std::vector<SuspensionReason>& reasons = subscription.suspensions;
  const auto found = std::find(reasons.begin(), reasons.end(), reason);
  if (subscription.state != State::kSuspended || found == reasons.end()) {
    return FailedPrecondition("NOT_SUSPENDED",
                              absl::StrCat("The subscription is not suspended for ", NameOf(reason), "."));
  }
  reasons.erase(found);
  if (!reasons.empty()) return absl::OkStatus();
  subscription.state = State::kActive;
  for (Tranche& tranche : subscription.tranches) tranche.billed_until = std::max(tranche.billed_until, today);
  return absl::OkStatus();
}

}  // namespace countersign::billing
