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

// Seats that were added together. The first year of fees counts from `start`, whatever is renewed later.
struct Tranche {
  int64_t number = 0;    // From 1, oldest first.
  Date start;            // The first day served.
  int64_t quantity = 0;  // Seats.
  Money unit_price;      // For one seat and one month.
  Date billed_until;     // The first day that no invoice line has yet; `start` when nothing was invoiced.
};

// The partner of record on the days [start, end). No end: until further notice.
struct PartnerAssignment {
  Uuid partner;
  Date start;
  std::optional<Date> end;
};

// The confirmed order that something came from.
struct OrderReference {
  Uuid partner;  // Whose order it is.
  Uuid order;

  friend bool operator==(const OrderReference&, const OrderReference&) = default;
};

struct Subscription {
  Uuid id;
  Uuid account;
  OrderReference order;
  std::string offer;  // Resource name.
  std::string title;  // As sold, for invoice lines.
  SubscriptionState state = SubscriptionState::kPending;
  Date anchor;                              // The first day; every period and term counts from it.
  int64_t billing_months = 1;               // Months of a billing period; divides term_months.
  int64_t term_months = 12;                 // Months of the current term.
  int64_t committed_months = 12;            // Months from the anchor to the current term's end.
  std::vector<Tranche> tranches;            // Oldest first; at least one.
  std::vector<PartnerAssignment> partners;  // Oldest first, never overlapping.
  int64_t version = 0;                      // 0: not stored yet.
  absl::Time create_time;
  absl::Time update_time;
};

// The terms that a confirmed order line sets for the subscription it starts.
struct SubscriptionTerms {
  std::string offer;
  std::string title;
  int64_t quantity = 0;
  Money unit_price;  // For one seat and one month.
  int64_t billing_months = 1;
  int64_t term_months = 12;
};

// The later of the requested date, if any, and the UTC date of the confirmation.
Date StartDate(std::optional<Date> requested, absl::Time confirm_time);

// A PENDING subscription of one tranche, anchored at `start`, `partner` being of record from then on.
// Error: INVALID_ARGUMENT when quantity, months or price are not positive or billing_months does not divide
// term_months.
absl::StatusOr<Subscription> NewSubscription(const Uuid& id, const SubscriptionTerms& terms, Date start,
                                             const Uuid& partner);

// [start, end) of the current term.
Period CurrentTerm(const Subscription& subscription);

// Seats of all tranches.
int64_t Quantity(const Subscription& subscription);

// Adds a tranche of `quantity` seats from `start` on. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE unless ACTIVE or
// PAST_DUE; INVALID_ARGUMENT for a start outside the current term or before the newest tranche, or quantity < 1.
absl::Status AddSeats(Subscription& subscription, Date start, int64_t quantity, const Money& unit_price);

// Begins the next term: `quantity` seats, all at `unit_price`. Fewer seats are taken from the newest tranche first;
// more start a tranche at the renewal. No tranche's first year begins again. Errors: as AddSeats, and
// FAILED_PRECONDITION TERM_NOT_INVOICED while a day of the old term is not invoiced.
absl::Status Renew(Subscription& subscription, int64_t quantity, const Money& unit_price);

// Makes `partner` the partner of record from the first period on that is not invoiced and not begun on
// `confirm_date`; returns that day. Error: INVALID_ARGUMENT when an assignment starts there or later.
absl::StatusOr<Date> ChangePartner(Subscription& subscription, const Uuid& partner, Date confirm_date);

// The partner of record on `date`; nullopt when there is none.
std::optional<Uuid> PartnerAt(const Subscription& subscription, Date date);

// Days 1–7 of a term or of added seats that start on `start`: cancelling is free then.
Period CancellationWindow(Date start);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_SUBSCRIPTION_H_
