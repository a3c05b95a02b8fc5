// From what the partner asks for to priced lines.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICING_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/base/uuid.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/quantity.h"

namespace countersign::order {

// "billingAccounts/{account}/subscriptions/{id}".
struct SubscriptionName {
  Uuid account;
  Uuid id;
  friend bool operator==(const SubscriptionName&, const SubscriptionName&) = default;
};

// Seats of one offer, as asked for.
struct RequestedLine {
  std::string offer_id;  // Of a change it may be empty: the subscription has one.
  Quantity quantity;
  std::string promotion_id = {};  // Empty: none.
  // Of an order that changes a subscription: which, and whether from its renewal on.
  std::optional<SubscriptionName> subscription = {};
  bool at_renewal = false;
  // Of a change of partner: the code by which its customer named the subscription.
  std::optional<Uuid> transfer_code = {};
};

// Seats of one offer at the price of one version.
struct OrderLine {
  std::string offer_id;
  std::string offer_title;  // As it was when the line was priced.
  Quantity quantity;
  std::string price_id;
  Money unit_price;          // For one seat and one month of the initial term: with the promotion.
  Money amount;              // Per full billing period, before tax.
  Money list_unit_price;     // Without the promotion.
  int64_t tier_minimum = 0;  // Of the price's tier; 0: not known.
  std::string offer_description = {};
  // The promotion as it was; empty: none.
  std::string promotion_id = {};
  std::string promotion_title = {};
  int64_t trial_days = 0;
  Date promotion_start = {};
  Date promotion_end = {};
  // Of an order that changes a subscription.
  std::optional<SubscriptionName> subscription = {};
  bool at_renewal = false;  // From renewal_date on; otherwise `quantity` seats are added at once.
  int64_t seats_before = 0;
  int64_t seats_after = 0;
  Date renewal_date = {};
  // Of a change of partner, whose order shows its partner nothing else of the line.
  std::optional<Uuid> transfer_code = {};
  std::string former_partner_name = {};  // As its customer reads it; empty: there is none.

  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

struct PricedLines {
  std::vector<OrderLine> lines;  // In the order asked for.
  Money total;
  Money list_total;  // Without promotions.
};

// When and how an order is priced.
struct PricingTerms {
  absl::string_view currency;
  int billing_period_months = 1;
  absl::Time time;  // The versions in force then (PricingTime).
  Date today;       // Of promotions: those that are open.
};

// The steps of pricing one line. The line takes the version's price for so many seats.
void TakePrice(const Price& price, Quantity seats, OrderLine& line);
// The line takes the promotion that is asked for, or the violation is recorded under `field`.
void TakePromotion(const Offer& offer, const RequestedLine& wanted, const PricingTerms& terms, absl::string_view field,
                   OrderLine& line, FieldViolations& violations);
// Adds what the line costs. Error: OUT_OF_RANGE beyond what Money holds, a year's commitment included.
absl::Status AddAmounts(OrderLine& line, int billing_period_months, PricedLines& priced);
inline constexpr absl::string_view kAmountTooLarge = "the amount would be beyond 10^12 units of the currency";

// Prices the lines; amount = unit price × quantity × months, rounded once to the currency's minor unit. A promotion's
// price takes the place of the tier's where it is lower.
// Error: INVALID_ARGUMENT with every violation, on the fields "order.lines[i].offer" and "….quantity": an offer that is
// unknown, retired, named twice or has no price in `currency`; fewer seats than the offer's minimum or more than its
// maximum; an amount or total beyond what Money holds. On "….promotion": one that the offer does not have, that is not
// open, or that has no price in the currency. On "order.billing_period": an offer that is not billed in it.
absl::StatusOr<PricedLines> PriceLines(const Catalogue& catalogue, const std::vector<RequestedLine>& requested,
                                       const PricingTerms& terms);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICING_H_
