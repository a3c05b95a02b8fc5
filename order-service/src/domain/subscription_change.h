// Orders that change a running subscription: CHANGE_SEATS, RENEW and CHANGE_PARTNER.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SUBSCRIPTION_CHANGE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SUBSCRIPTION_CHANGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/order_kind.h"
#include "order-service/src/domain/pricing.h"

namespace countersign::order {

// A subscription as billing-service knows it.
struct Subscription {
  SubscriptionName name;
  Uuid partner_of_record;                // The last that was named …
  std::optional<Date> partner_end = {};  // … and the first day without it.
  bool came_along = false;               // Another partner was of record before.
  std::string offer_id = {};
  int64_t seats = 0;
  std::string currency = {};
  int billing_period_months = 1;
  Date renewal_date = {};  // The first day after the term.
};

// OK when `partner` may ask for a change of it until it is renewed. Errors: FAILED_PRECONDITION NOT_PARTNER_OF_RECORD,
// TERM_ENDED.
absl::Status CheckMayChange(const Subscription& subscription, const Uuid& partner, absl::Time now);

// Whom a change of partner replaces on `today`; nullopt: nobody.
std::optional<Uuid> FormerPartner(const Subscription& subscription, Date today);

// The one line of an order by which `partner` asks to become partner of record, of which it is shown nothing. It has no
// price: what the subscription costs stays. Errors: INVALID_ARGUMENT order.currency_code; FAILED_PRECONDITION
// ALREADY_PARTNER_OF_RECORD.
absl::StatusOr<PricedLines> LineOfPartnerChange(const Subscription& subscription, const Uuid& partner,
                                                const Uuid& transfer_code, std::string former_partner_name,
                                                absl::string_view currency);

// Prices a change at `now`. Added seats take the version in force now, a renewal the one in force on the renewal day,
// as published now; a new quantity from the renewal on has no price yet. Tier and limits go by the subscription's seats
// after the change. Amounts are per full billing period, of the added seats or of all seats of the next term.
// Error: INVALID_ARGUMENT with every violation, on "order.currency_code" and "order.lines[0]…".
absl::StatusOr<PricedLines> PriceChange(const Catalogue& catalogue, OrderKind kind, const RequestedLine& wanted,
                                        const Subscription& subscription, absl::string_view currency, absl::Time now);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SUBSCRIPTION_CHANGE_H_
