#include "billing-service/src/domain/renewal.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

bool IsRunning(const Subscription& subscription) {
  return subscription.state == SubscriptionState::kActive || subscription.state == SubscriptionState::kPastDue;
}

bool WillExpire(const Subscription& subscription) {
  return !subscription.auto_renew || subscription.state == SubscriptionState::kSuspended;
}

}  // namespace

int64_t RenewalQuantity(const Subscription& subscription) {
  return subscription.renewal.quantity > 0 ? subscription.renewal.quantity : Quantity(subscription);
}

absl::StatusOr<Money> RenewalAmount(const Subscription& subscription) {
  const RenewalPlan& plan = subscription.renewal;
  if (plan.source != RenewalSource::kOrder && plan.source != RenewalSource::kAutomatic) {
    return FailedPrecondition(kRenewalNotPriced, "No price is chosen for the next term yet.");
  }
  return plan.unit_price.TimesRounded(RenewalQuantity(subscription), subscription.billing_months);
}

bool IsRenewalAnnounced(const Subscription& subscription) {
  return IsRunning(subscription) && subscription.auto_renew && subscription.renewal.source == RenewalSource::kAutomatic;
}

bool NeedsRenewalPrice(const Subscription& subscription, Date date) {
  if (!IsRunning(subscription) || !subscription.auto_renew) return false;
  const Date term_end = CurrentTerm(subscription).end;
  switch (subscription.renewal.source) {
    case RenewalSource::kNone:
      return date >= term_end - kRenewalNoticeDays;
    case RenewalSource::kAutomatic:
      return date >= term_end;
    default:
      return false;
  }
}

Date PriceDateOfRenewal(const Subscription& subscription, Date today) {
  return std::max(CurrentTerm(subscription).end, today);
}

bool ChooseRenewalPrice(Subscription& subscription, const Money& unit_price, const PriceOrigin& origin) {
  RenewalPlan& plan = subscription.renewal;
  if (plan.source == RenewalSource::kOrder) return false;
  // Of the version that was chosen the tier is that of the quantity on the day; of another a lower price wins.
  const bool same_version = !origin.price.empty() && origin.price == plan.origin.price;
  const bool keeps = same_version ? unit_price == plan.unit_price : unit_price.micros() >= plan.unit_price.micros();
  if (plan.source == RenewalSource::kAutomatic && keeps) return false;
  plan.source = RenewalSource::kAutomatic;
  plan.unit_price = unit_price;
  plan.origin = origin;
  return true;
}

void ParkRenewal(Subscription& subscription) {
  subscription.renewal.source = RenewalSource::kParked;
  subscription.renewal.unit_price = {};
  subscription.renewal.origin = {};
}

absl::StatusOr<bool> EndTerm(Subscription& subscription, Date date) {
  const Date term_end = CurrentTerm(subscription).end;
  if (HasEnded(subscription) || subscription.state == SubscriptionState::kPending || date < term_end) return false;
  if (WillExpire(subscription)) {
    subscription.state = SubscriptionState::kExpired;
    subscription.end = term_end;
    return true;
  }
  const RenewalPlan plan = subscription.renewal;
  if (plan.source != RenewalSource::kOrder && plan.source != RenewalSource::kAutomatic) return false;
  RETURN_IF_ERROR(Renew(subscription, RenewalQuantity(subscription), plan.unit_price, plan.origin));
  return true;
}

std::optional<Date> NextRenewalDate(const Subscription& subscription) {
  if (HasEnded(subscription) || subscription.state == SubscriptionState::kPending) return std::nullopt;
  const Date term_end = CurrentTerm(subscription).end;
  if (WillExpire(subscription)) return term_end;
  switch (subscription.renewal.source) {
    case RenewalSource::kNone:
      return term_end - kRenewalNoticeDays;
    case RenewalSource::kParked:
      return std::nullopt;
    default:
      return term_end;
  }
}

absl::Status SetAutoRenew(Subscription& subscription, bool auto_renew, Date today) {
  if (HasEnded(subscription)) {
    return FailedPrecondition(
        "SUBSCRIPTION_STATE",
        absl::StrCat("The subscription is ", NameOf(subscription.state), " and has no next term."),
        {{"state", std::string(NameOf(subscription.state))}});
  }
  const bool waits = subscription.renewal.source == RenewalSource::kParked;
  if (today >= CurrentTerm(subscription).end && !waits) {
    return FailedPrecondition("TERM_ENDED", "The last day of the term has passed.");
  }
  subscription.auto_renew = auto_renew;
  if (auto_renew) subscription.cancel_reason.clear();
  if (waits) subscription.renewal.source = RenewalSource::kNone;
  return absl::OkStatus();
}

}  // namespace countersign::billing
