#include "order-service/src/domain/pricing.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::order {
namespace {

// The price that a line takes, or null with the violations recorded under `field`.
const Price* FindPrice(const Offer* offer, const RequestedLine& line, absl::string_view currency, absl::Time time,
                       absl::string_view field, FieldViolations& violations) {
  if (offer == nullptr) {
    violations.Add(absl::StrCat(field, ".offer"), "must be an offer of the catalogue (ListOffers)");
    return nullptr;
  }
  if (offer->retired) violations.Add(absl::StrCat(field, ".offer"), "the offer is retired and cannot be ordered");
  if (line.quantity.seats() < offer->minimum_quantity) {
    violations.Add(absl::StrCat(field, ".quantity"),
                   absl::StrCat("must be at least ", offer->minimum_quantity, ", the offer's minimum"));
  }
  if (line.quantity.seats() > offer->maximum_quantity) {
    violations.Add(absl::StrCat(field, ".quantity"),
                   absl::StrCat("must be at most ", offer->maximum_quantity, ", the offer's maximum"));
  }
  const Price* price = offer->PriceInForce(currency, time);
  if (price == nullptr) {
    violations.Add(absl::StrCat(field, ".offer"), absl::StrCat("the offer has no price in ", currency));
  }
  return price;
}

}  // namespace

absl::StatusOr<PricedLines> PriceLines(const Catalogue& catalogue, const std::vector<RequestedLine>& requested,
                                       absl::string_view currency, int billing_period_months, absl::Time time) {
  ASSIGN_OR_RETURN(Money total, Money::Zero(currency));
  PricedLines priced;
  FieldViolations violations;
  std::set<absl::string_view> seen;
  for (size_t i = 0; i < requested.size(); ++i) {
    const RequestedLine& line = requested[i];
    const std::string field = absl::StrCat("order.lines[", i, "]");
    if (!seen.insert(line.offer_id).second) {
      violations.Add(absl::StrCat(field, ".offer"), "an offer may be named once per order");
    }
    const Offer* offer = catalogue.Find(line.offer_id);
    const Price* price = FindPrice(offer, line, currency, time, field, violations);
    if (offer != nullptr && !offer->IsBilledEvery(billing_period_months)) {
      violations.Add("order.billing_period", absl::StrCat("the offer ", offer->id, " is not billed in this period"));
    }
    if (price == nullptr) continue;
    const Money& unit_price = price->UnitPrice(line.quantity);
    const absl::StatusOr<Money> amount = unit_price.TimesRounded(line.quantity.seats(), billing_period_months);
    const absl::StatusOr<Money> sum = amount.ok() ? total.Plus(*amount) : amount;
    if (!sum.ok()) {
      violations.Add(absl::StrCat(field, ".quantity"), "the amount would be beyond 10^12 units of the currency");
      continue;
    }
    total = *sum;
    priced.lines.push_back({line.offer_id, offer->title, line.quantity, price->id, unit_price, *amount});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  priced.total = total;
  return priced;
}

}  // namespace countersign::order
