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

void AddPromotion(const Promotion& promotion, OrderLine& line) {
  line.promotion_id = promotion.id;
  line.promotion_title = promotion.title;
  line.trial_days = promotion.trial_days;
  line.promotion_start = promotion.start_date;
  line.promotion_end = promotion.end_date;
  const Money* const price = promotion.PriceIn(line.list_unit_price.currency());
  if (price != nullptr && price->micros() < line.list_unit_price.micros()) line.unit_price = *price;
}

}  // namespace

void TakePrice(const Price& price, Quantity seats, OrderLine& line) {
  const PriceTier& tier = price.TierOf(seats);
  line.price_id = price.id;
  line.unit_price = line.list_unit_price = tier.unit_price;
  line.tier_minimum = tier.minimum_quantity;
}

void TakePromotion(const Offer& offer, const RequestedLine& wanted, const PricingTerms& terms, absl::string_view field,
                   OrderLine& line, FieldViolations& violations) {
  if (wanted.promotion_id.empty()) return;
  const Promotion* const promotion = offer.FindPromotion(wanted.promotion_id);
  const std::string path = absl::StrCat(field, ".promotion");
  if (promotion == nullptr) {
    violations.Add(path, "must be a promotion of the line's offer (ListPromotions)");
  } else if (!promotion->IsOpenOn(terms.today)) {
    violations.Add(path, absl::StrCat("the promotion is open from ", FormatDate(promotion->start_date),
                                      " until before ", FormatDate(promotion->end_date)));
  } else if (promotion->trial_days == 0 && promotion->PriceIn(terms.currency) == nullptr) {
    violations.Add(path, absl::StrCat("the promotion has no price in ", terms.currency));
  } else if (promotion->trial_days > 0 && wanted.subscription.has_value()) {
    violations.Add(path, "free days are for new subscriptions");
  } else {
    AddPromotion(*promotion, line);
  }
}

absl::Status AddAmounts(OrderLine& line, int billing_period_months, PricedLines& priced) {
  const int64_t seats = line.quantity.seats();
  ASSIGN_OR_RETURN(line.amount, line.unit_price.TimesRounded(seats, billing_period_months));
  ASSIGN_OR_RETURN(const Money list, line.list_unit_price.TimesRounded(seats, billing_period_months));
  ASSIGN_OR_RETURN(priced.total, priced.total.Plus(line.amount));
  ASSIGN_OR_RETURN(priced.list_total, priced.list_total.Plus(list));
  // The commitment of a year can be stored as well.
  return priced.total.TimesRounded(12 / billing_period_months).status();
}

absl::StatusOr<PricedLines> PriceLines(const Catalogue& catalogue, const std::vector<RequestedLine>& requested,
                                       const PricingTerms& terms) {
  PricedLines priced;
  ASSIGN_OR_RETURN(priced.total, Money::Zero(terms.currency));
  priced.list_total = priced.total;
  FieldViolations violations;
  std::set<absl::string_view> seen;
  for (size_t i = 0; i < requested.size(); ++i) {
    const RequestedLine& wanted = requested[i];
    const std::string field = absl::StrCat("order.lines[", i, "]");
    if (!seen.insert(wanted.offer_id).second) {
      violations.Add(absl::StrCat(field, ".offer"), "an offer may be named once per order");
    }
    const Offer* const offer = catalogue.Find(wanted.offer_id);
    const Price* const price = FindPrice(offer, wanted, terms.currency, terms.time, field, violations);
    if (offer != nullptr && !offer->IsBilledEvery(terms.billing_period_months)) {
      violations.Add("order.billing_period", absl::StrCat("the offer ", offer->id, " is not billed in this period"));
    }
    if (price == nullptr) continue;
    OrderLine line{.offer_id = offer->id,
                   .offer_title = offer->title,
                   .quantity = wanted.quantity,
                   .price_id = "",
                   .unit_price = {},
                   .amount = {},
                   .list_unit_price = {},
                   .offer_description = offer->description};
    TakePrice(*price, wanted.quantity, line);
    TakePromotion(*offer, wanted, terms, field, line, violations);
    if (!AddAmounts(line, terms.billing_period_months, priced).ok()) {
      violations.Add(absl::StrCat(field, ".quantity"), kAmountTooLarge);
      continue;
    }
    priced.lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return priced;
}

}  // namespace countersign::order
