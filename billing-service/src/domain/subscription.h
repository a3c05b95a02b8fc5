// A subscription: seats of one offer for a term, in tranches that each keep their own start and price.
// Source of the rules: docs/domain.md, Dates, Pricing and Billing.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SUBSCRIPTION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SUBSCRIPTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class SubscriptionState { kPending, kActive, kPastDue, kSuspended, kCancelled, kExpired };

inline constexpr Named<SubscriptionState> kSubscriptionStates[] = {
    {SubscriptionState::kPending, "PENDING"},     {SubscriptionState::kActive, "ACTIVE"},
    {SubscriptionState::kPastDue, "PAST_DUE"},    {SubscriptionState::kSuspended, "SUSPENDED"},
    {SubscriptionState::kCancelled, "CANCELLED"}, {SubscriptionState::kExpired, "EXPIRED"},
};
inline absl::string_view NameOf(SubscriptionState state) { return NameIn(kSubscriptionStates, state); }

// OK for an edge of the state machine, else FAILED_PRECONDITION SUBSCRIPTION_STATE.
absl::Status CheckTransition(SubscriptionState from, SubscriptionState to);

// The list price of a unit price that is lowered for the initial term.
struct Promotion {
  Money list_price;  // For one seat and one month.
  Period window;     // When it could be ordered.

  friend bool operator==(const Promotion&, const Promotion&) = default;
};

// The origin of a unit price. For the record: no amount is computed from it.
struct PriceOrigin {
  std::string price = {};         // "offers/{offer}/prices/{price}"; empty: not known.
  int64_t tier_min_quantity = 0;  // The least quantity of its tier; 0: not known.
  std::optional<Promotion> promotion = {};

  friend bool operator==(const PriceOrigin&, const PriceOrigin&) = default;
};

// Seats that were added together. The first year of fees counts from `first_year_start`, whatever is renewed later.
struct Tranche {
  int64_t number = 0;     // From 1, oldest first.
  Date start;             // The first day served.
  int64_t quantity = 0;   // Seats; 0 when all were removed.
  Money unit_price;       // For one seat and one month.
  Date billed_until;      // The first day that no invoice line has yet; `start` when nothing was invoiced.
  Date first_year_start;  // `start`, or that of the seats that came back with this tranche.
  PriceOrigin origin = {};
  int64_t removed_quantity = 0;            // Seats that left and can still come back.
  std::optional<Date> removed_on = {};     // When the last of them left: at a renewal, or cancelled in their window.
  std::string purchase_order_number = {};  // Of the order that added the seats; empty: the subscription's.

  friend bool operator==(const Tranche&, const Tranche&) = default;
};

// The partner of record on the days [start, end). No end: until further notice.
struct PartnerAssignment {
  Uuid partner;
  Date start;
  std::optional<Date> end;
};

// True when it covers no day: the customer refused the partner before it began.
inline bool IsEmpty(const PartnerAssignment& assignment) { return assignment.end == assignment.start; }

// The confirmed order that something came from.
struct OrderReference {
  Uuid partner;  // Whose order it is.
  Uuid order;

  friend bool operator==(const OrderReference&, const OrderReference&) = default;
};

// The origin of the next term's price.
enum class RenewalSource { kNone, kOrder, kAutomatic, kParked };

inline constexpr Named<RenewalSource> kRenewalSources[] = {
    {RenewalSource::kNone, "NONE"},
    {RenewalSource::kOrder, "ORDER"},
    {RenewalSource::kAutomatic, "AUTOMATIC"},
    {RenewalSource::kParked, "PARKED"},  // There is no price in the currency.
};
inline absl::string_view NameOf(RenewalSource source) { return NameIn(kRenewalSources, source); }

// How the next term will be.
struct RenewalPlan {
  int64_t quantity = 0;  // Seats; 0: as many as there are then.
  RenewalSource source = RenewalSource::kNone;
  Money unit_price = {};  // kOrder and kAutomatic.
  PriceOrigin origin = {};
  std::string purchase_order_number = {};  // Of the order that planned it; empty: the numbers stay.
};

enum class SuspensionReason { kOverdue, kOperator, kSecurity };

inline constexpr Named<SuspensionReason> kSuspensionReasons[] = {
    {SuspensionReason::kOverdue, "OVERDUE"},
    {SuspensionReason::kOperator, "OPERATOR"},
    {SuspensionReason::kSecurity, "SECURITY"},
};
inline absl::string_view NameOf(SuspensionReason reason) { return NameIn(kSuspensionReasons, reason); }

inline constexpr int kMaxPurchaseOrderChars = 64;

struct Subscription {
  Uuid id;
  Uuid account;
  OrderReference order;
  std::string offer;  // Resource name.
  std::string title;  // As sold, for invoice lines.
  SubscriptionState state = SubscriptionState::kPending;
  Date anchor;                              // The first day after the trial; every period and term counts from it.
  int64_t billing_months = 1;               // Months of a billing period; divides term_months.
  int64_t term_months = 12;                 // Months of the current term.
  int64_t committed_months = 12;            // Months from the anchor to the current term's end.
  std::vector<Tranche> tranches;            // Oldest first; at least one.
  std::vector<PartnerAssignment> partners;  // Oldest first, never overlapping.
  int64_t version = 0;                      // 0: not stored yet.
  absl::Time create_time;
  absl::Time update_time;
  int64_t trial_days = 0;                  // Served free of charge before the anchor.
  std::string purchase_order_number = {};  // The customer's own; may be empty.
  bool auto_renew = true;
  RenewalPlan renewal = {};
  std::vector<SuspensionReason> suspensions = {};  // Why it is SUSPENDED.
  std::optional<Date> suspended_on = {};           // The last time: a period that starts from this day on …
  std::optional<Date> resumed_on = {};             // … and before this one is not billed. None: it still is.
  std::string cancel_reason = {};                  // Why it ends or ended.
  std::optional<Date> end = {};                    // The first day not served: CANCELLED or EXPIRED.
};

// The terms that a confirmed order line sets for the subscription it starts.
struct SubscriptionTerms {
  std::string offer;
  std::string title;
  int64_t quantity = 0;
  Money unit_price;  // For one seat and one month.
  int64_t billing_months = 1;
  int64_t term_months = 12;
  int64_t trial_days = 0;
  PriceOrigin origin = {};
  std::string purchase_order_number = {};
};

// The later of the requested date, if any, and the UTC date of the confirmation.
Date StartDate(std::optional<Date> requested, absl::Time confirm_time);

// A PENDING subscription of one tranche that serves from `start`, `partner` being of record from then on; its anchor is
// `start` plus the days of the trial. Error: INVALID_ARGUMENT when quantity, months or price are not positive or
// billing_months does not divide term_months.
absl::StatusOr<Subscription> NewSubscription(const Uuid& id, const SubscriptionTerms& terms, Date start,
                                             const Uuid& partner);

// CANCELLED or EXPIRED.
bool HasEnded(const Subscription& subscription);

// The first day served, the trial included.
Date ServeFrom(const Subscription& subscription);

// [start, end) of the current term.
Period CurrentTerm(const Subscription& subscription);

// Takes seats off the tranche; for 12 months they can come back with its first year (AddSeats).
void TakeOff(Tranche& tranche, int64_t quantity, Date day);

// The quantity at the renewal changed: a price that was chosen for it by itself is chosen again, in its tier.
void PriceRenewalAgain(Subscription& subscription);

// True when a period that starts on `day` is not billed, because the subscription was suspended then.
bool StartsUnderSuspension(const Subscription& subscription, Date day);

// Seats of all tranches.
int64_t Quantity(const Subscription& subscription);

// Adds `quantity` seats from `start` on; those added in the trial start with the term. Seats that were removed within
// 12 months before come back with the first year of the tranche they left, the oldest first, each as a tranche of its
// own; the rest is a new tranche. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE unless ACTIVE or PAST_DUE;
// INVALID_ARGUMENT for a start outside the trial and the current term, or quantity < 1.
absl::Status AddSeats(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price,
                      const PriceOrigin& origin = {});

// The customer's number for lines of the tranche; empty: there is none.
const std::string& PurchaseOrderOf(const Subscription& subscription, const Tranche& tranche);

// Gives the subscription's lines another purchase-order number from now on, except tranches with one of their own; or,
// with `tranche` above 0, that tranche one of its own, which is the subscription's again when empty. Errors:
// FAILED_PRECONDITION SUBSCRIPTION_STATE (it has ended, and no line is to come); INVALID_ARGUMENT for no such tranche.
absl::Status SetPurchaseOrder(Subscription& subscription, int64_t tranche, const std::string& number);

// Begins the next term: `quantity` seats, all at `unit_price`. A purchase-order number that was planned with it is that
// of all seats. Fewer seats are taken from the newest tranche first;
// more start a tranche at the renewal. No tranche's first year begins again. Errors: as AddSeats, and
// FAILED_PRECONDITION TERM_NOT_INVOICED while a day of the old term is not invoiced.
absl::Status Renew(Subscription& subscription, int64_t quantity, const Money& unit_price,
                   const PriceOrigin& origin = {});

// Plans the next term: `quantity` seats, 0: as before. With `priced` at `unit_price`, which an order confirmed: it then
// renews also when auto-renewal was off. The last plan wins. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE unless
// ACTIVE or PAST_DUE; INVALID_ARGUMENT for a negative quantity or a price that is not positive.
absl::Status PlanRenewal(Subscription& subscription, int64_t quantity, bool priced, const Money& unit_price,
                         const PriceOrigin& origin);

// The subscription as a change at `now` leaves it: at its next version.
void SetNextVersion(Subscription& subscription, absl::Time now);

// Adds an assignment in the order of start; an empty one with the same start gives way.
void Assign(Subscription& subscription, const PartnerAssignment& assignment);

// The first monthly day of the anchor after `day`; the anchor itself before the subscription begins.
Date NextMonthlyDay(const Subscription& subscription, Date day);

// Makes `partner` the partner of record from the next monthly day of the anchor after `confirm_date`, whatever is
// invoiced already; returns that day. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE (not ACTIVE, PAST_DUE or
// SUSPENDED), ALREADY_PARTNER_OF_RECORD, PARTNER_CHANGE_PENDING (another change takes effect later than confirm_date).
absl::StatusOr<Date> ChangePartner(Subscription& subscription, const Uuid& partner, Date confirm_date);

// OK when `partner` is of record on `date`. Error: FAILED_PRECONDITION NOT_PARTNER_OF_RECORD.
absl::Status CheckPartnerOfRecord(const Subscription& subscription, const Uuid& partner, Date date);

// The partner of record on `date`; nullopt when there is none.
std::optional<Uuid> PartnerAt(const Subscription& subscription, Date date);

// Days 1–7 of a term or of added seats that start on `start`: cancelling is free then.
Period CancellationWindow(Date start);

// The last day on which the tranche's seats can be cancelled free of charge: day 7 after their start, or of the current
// term when that began later.
Date CancellableUntil(const Subscription& subscription, const Tranche& tranche);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SUBSCRIPTION_H_
