// The end of a term: the price of the next one is chosen 30 days before, then the subscription renews or expires.
// Source of the rules: docs/domain.md, Renewal.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_RENEWAL_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_RENEWAL_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

inline constexpr int kRenewalNoticeDays = 30;

// Seats of the next term.
int64_t RenewalQuantity(const Subscription& subscription);

inline constexpr char kRenewalNotPriced[] = "RENEWAL_NOT_PRICED";

// The cost of each billing period of the next term at the planned price, without tax. Errors: FAILED_PRECONDITION
// RENEWAL_NOT_PRICED (no price is chosen); OUT_OF_RANGE.
absl::StatusOr<Money> RenewalAmount(const Subscription& subscription);

// True when the customer is told that it renews, and at what: a price was chosen, and it will renew by itself.
bool IsRenewalAnnounced(const Subscription& subscription);

// True when the price of the next term has to be asked for on `date`: from 30 days before the term's end while none is
// chosen; on the renewal day once more, because a lower one that was published since wins.
bool NeedsRenewalPrice(const Subscription& subscription, Date date);

// The day whose price the next term takes, asked for `today`: the renewal day, or, where that passed without a price,
// today, because no price can be published for a day that has passed.
Date PriceDateOfRenewal(const Subscription& subscription, Date today);

// Takes the price that is in force on the renewal day, unless one of another version, not above it, was chosen before
// or an order confirmed one. True when the plan changed, so that the amount is announced.
bool ChooseRenewalPrice(Subscription& subscription, const Money& unit_price, const PriceOrigin& origin);

// There is no price: the renewal waits until an order or SetAutoRenew decides.
void ParkRenewal(Subscription& subscription);

// Ends the term when its end has come on `date`: renews at the planned price, or expires when auto-renewal is off or it
// is SUSPENDED. False when nothing is to do, or the renewal waits for a price. Errors: those of Renew.
absl::StatusOr<bool> EndTerm(Subscription& subscription, Date date);

// When EndTerm or the choice of a price is next due; nullopt when it waits or has ended.
std::optional<Date> NextRenewalDate(const Subscription& subscription);

// Switches auto-renewal; on again also for a renewal that waited for a price. What an order planned stays. Errors:
// FAILED_PRECONDITION SUBSCRIPTION_STATE (ended), TERM_ENDED (the term's last day has passed).
absl::Status SetAutoRenew(Subscription& subscription, bool auto_renew, Date today);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_RENEWAL_H_
