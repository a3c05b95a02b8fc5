// Ending, suspending and reinstating a subscription. Source of the rules: docs/domain.md, Cancellation and Dunning.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CANCELLATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CANCELLATION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/named.h"

namespace countersign::billing {

// What is credited of the days that are invoiced and no longer served, outside the cancellation window. kWindowOnly:
// there must be none outside.
enum class CancelPolicy { kNoCredit, kProratedCredit, kWindowOnly };

// Invoiced days of a tranche that a credit note has to take back, with their tax.
struct CreditedDays {
  int64_t tranche = 0;
  Period days;

  friend bool operator==(const CreditedDays&, const CreditedDays&) = default;
};

struct Cancellation {
  Subscription subscription;           // Without a new version.
  Date day;                            // Of the press: the first not served.
  int64_t quantity = 0;                // Seats that are cancelled.
  std::vector<CreditedDays> credited;  // Empty: nothing is to be credited.
};

// The day of the press, `now` where none was recorded. Another clock recorded the press: up to two hours after `now` it
// counts as now, and up to two hours before the term as its first day. Errors: INVALID_ARGUMENT press_time (in the
// future); FAILED_PRECONDITION PRESS_BEFORE_TERM (before the first day of the current term: it is too late to undo what
// came since).
absl::StatusOr<Date> DayOfPress(const Subscription& subscription, std::optional<absl::Time> press, absl::Time now);

// OK unless `now` is before the subscription's last change, by more than clocks may differ: whatever is dated by such a
// clock would be back-dated. Error: FAILED_PRECONDITION CLOCK_WENT_BACK.
absl::Status CheckClock(const Subscription& subscription, absl::Time now);

// Ends the subscription: `day`, that of the press, is the first not served. Seats in their cancellation window are
// credited in full, whatever the policy: every line of that term or tranche; their days that are not invoiced yet are
// dropped. Those of other seats that were served are still to be invoiced (NextLineDue). Errors: FAILED_PRECONDITION
// SUBSCRIPTION_STATE (it has ended), CANCELLATION_WINDOW_ENDED (kWindowOnly).
absl::StatusOr<Cancellation> CancelNow(Subscription subscription, Date day, CancelPolicy policy,
                                       absl::string_view reason);

// Takes added seats back in their window. Added again within 12 months, they keep their first year; a price that was
// chosen for the renewal is chosen again. Errors: SUBSCRIPTION_STATE; FAILED_PRECONDITION CANCELLATION_WINDOW_ENDED;
// INVALID_ARGUMENT tranche (there is none, or it holds all the seats: cancel the subscription).
absl::StatusOr<Cancellation> CancelTranche(Subscription subscription, int64_t tranche, Date day);

// Has it end with its term. Errors: as SetAutoRenew.
absl::Status CancelAtTermEnd(Subscription& subscription, Date today, absl::string_view reason);

// Adds a reason; SUSPENDED with the first, from `today` on. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE,
// ALREADY_SUSPENDED (for that reason).
absl::Status Suspend(Subscription& subscription, SuspensionReason reason, Date today);

// Removes a reason; ACTIVE again without the last. A period that started under suspension is billed from `today` on
// only; one that began before is billed to its end. Error: FAILED_PRECONDITION NOT_SUSPENDED (for that reason).
absl::Status Resume(Subscription& subscription, SuspensionReason reason, Date today);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_CANCELLATION_H_
