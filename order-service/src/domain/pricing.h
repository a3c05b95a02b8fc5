// From what the partner asks for to priced lines.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICING_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/money.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/quantity.h"

namespace countersign::order {

// Seats of one offer, as asked for.
struct RequestedLine {
  std::string offer_id;
  Quantity quantity;
};

// Seats of one offer at the price of one version.
struct OrderLine {
  std::string offer_id;
  std::string offer_title;  // As it was when the line was priced.
  Quantity quantity;
  std::string price_id;
  Money unit_price;  // For one seat and one month.
  Money amount;      // Per full billing period, before tax.

  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

struct PricedLines {
  std::vector<OrderLine> lines;  // In the order asked for.
  Money total;
};

// Prices the lines with the versions in force at `time`; amount = unit price × quantity × months, rounded once to the
// currency's minor unit.
// Error: INVALID_ARGUMENT with every violation, on the fields "order.lines[i].offer" and "….quantity": an offer that is
// unknown, retired, named twice or has no price in `currency`; fewer seats than the offer's minimum or more than its
// maximum; an amount or total beyond what Money holds. On "order.billing_period": an offer that is not billed in it.
absl::StatusOr<PricedLines> PriceLines(const Catalogue& catalogue, const std::vector<RequestedLine>& requested,
                                       absl::string_view currency, int billing_period_months, absl::Time time);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PRICING_H_
