#include "order-service/src/domain/subscription_change.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::order {
namespace {

// Checks the wish against the limits of every subscription.
void CheckWanted(const Offer& offer, const RequestedLine& wanted, const Subscription& subscription, int64_t seats_after,
                 FieldViolations& violations) {
  if (!wanted.offer_id.empty() && wanted.offer_id != subscription.offer_id) {
    violations.Add("order.lines[0].offer", "must be the subscription's, or left out");
  }
  const bool adds = !wanted.at_renewal;
  if (adds && offer.retired) {
    violations.Add("order.lines[0].subscription", "the offer is retired: no seats can be added");
  }
  if (seats_after < offer.minimum_quantity) {
    violations.Add("order.lines[0].quantity",
                   absl::StrCat("must leave at least ", offer.minimum_quantity, ", the offer's minimum"));
  }
  if (seats_after > offer.maximum_quantity) {
    violations.Add("order.lines[0].quantity", absl::StrCat("must leave at most ", offer.maximum_quantity,
                                                           " seats; the subscription has ", subscription.seats));
  }
  if (!adds && !wanted.promotion_id.empty()) {
    violations.Add("order.lines[0].promotion", "must be left out: it is for seats that are added at once");
  }
}

}  // namespace

absl::Status CheckMayChange(const Subscription& subscription, const Uuid& partner, absl::Time now) {
  if (subscription.partner_of_record != partner) {
    return FailedPrecondition("NOT_PARTNER_OF_RECORD",
                              "Only the partner of record may change a subscription. Another partner is.");
  }
  if (subscription.renewal_date > DateOf(now)) return absl::OkStatus();
  return FailedPrecondition("TERM_ENDED", "The subscription's term has ended. Order it anew.",
                            {{"renewalDate", FormatDate(subscription.renewal_date)}});
}

std::optional<Uuid> FormerPartner(const Subscription& subscription, Date today) {
  if (subscription.partner_end.has_value() && *subscription.partner_end <= today) return std::nullopt;
  return subscription.partner_of_record;
}

absl::StatusOr<PricedLines> LineOfPartnerChange(const Subscription& subscription, const Uuid& partner,
                                                const Uuid& transfer_code, std::string former_partner_name,
                                                absl::string_view currency) {
  if (currency != subscription.currency) return InvalidField("order.currency_code", "must be the subscription's");
  if (subscription.partner_of_record == partner && !subscription.partner_end.has_value()) {
    return FailedPrecondition("ALREADY_PARTNER_OF_RECORD",
                              "The partner is of record for this subscription already, or is about to be.");
  }
  const Money zero = *Money::Zero(subscription.currency);
  OrderLine line{.offer_id = subscription.offer_id,
                 .offer_title = "",
                 .quantity = *Quantity::Of(1),
                 .price_id = "",
                 .unit_price = zero,
                 .amount = zero,
                 .list_unit_price = zero};
  line.subscription = subscription.name;
  line.renewal_date = subscription.renewal_date;
  line.transfer_code = transfer_code;
  line.former_partner_name = std::move(former_partner_name);
  PricedLines priced{.lines = {}, .total = zero, .list_total = zero};
  priced.lines.push_back(std::move(line));
  return priced;
}

absl::StatusOr<PricedLines> PriceChange(const Catalogue& catalogue, OrderKind kind, const RequestedLine& wanted,
                                        const Subscription& subscription, absl::string_view currency, absl::Time now) {
  const Offer* const offer = catalogue.Find(subscription.offer_id);
  if (offer == nullptr) return NoSuchOffer(subscription.offer_id);
  FieldViolations violations;
  if (currency != subscription.currency) violations.Add("order.currency_code", "must be the subscription's");
  const int64_t seats = wanted.quantity.seats();
  const int64_t seats_after = wanted.at_renewal ? seats : subscription.seats + seats;
  CheckWanted(*offer, wanted, subscription, seats_after, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const Money zero = *Money::Zero(subscription.currency);
  OrderLine line{.offer_id = offer->id,
                 .offer_title = offer->title,
                 .quantity = wanted.quantity,
                 .price_id = "",
                 .unit_price = zero,
                 .amount = zero,
                 .list_unit_price = zero,
                 .offer_description = offer->description};
  line.subscription = subscription.name;
  line.at_renewal = wanted.at_renewal;
  line.seats_before = subscription.seats;
  line.seats_after = seats_after;
  line.renewal_date = subscription.renewal_date;
  PricedLines priced{.lines = {}, .total = zero, .list_total = zero};
  if (kind == OrderKind::kRenew || !wanted.at_renewal) {
    const Price* const price = kind == OrderKind::kRenew
                                   ? offer->RenewalPrice(currency, PricingTime(subscription.renewal_date, now))
                                   : offer->PriceInForce(currency, now);
    if (price == nullptr) {
      violations.Add("order.lines[0].subscription", absl::StrCat("the offer has no price in ", currency));
      return violations.ToStatus();
    }
    TakePrice(*price, *Quantity::Of(seats_after), line);
    TakePromotion(*offer, wanted, {.currency = currency, .time = now, .today = DateOf(now)}, "order.lines[0]", line,
                  violations);
    if (!AddAmounts(line, subscription.billing_period_months, priced).ok()) {
      violations.Add("order.lines[0].quantity", kAmountTooLarge);
    }
  }
  priced.lines.push_back(std::move(line));
  RETURN_IF_ERROR(violations.ToStatus());
  return priced;
}

}  // namespace countersign::order
