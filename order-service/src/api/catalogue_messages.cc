#include "order-service/src/api/catalogue_messages.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "order-service/src/api/names.h"

namespace countersign::order {

std::string OfferNameOf(absl::string_view offer) { return absl::StrCat(kOfferPrefix, offer); }

std::string PriceNameOf(absl::string_view offer, absl::string_view price) {
  return absl::StrCat(kOfferPrefix, offer, kPricesPart, price);
}

v1::Offer ToProto(const Offer& offer, absl::string_view currency, absl::Time time) {
  v1::Offer proto;
  proto.set_name(OfferNameOf(offer.id));
  proto.set_title(offer.title);
  proto.set_description(offer.description);
  proto.set_minimum_quantity(offer.minimum_quantity);
  proto.set_retired(offer.retired);
  const Price* price = offer.PriceInForce(currency, time);
  if (price == nullptr) return proto;
  v1::Price& current = *proto.mutable_current_price();
  current.set_name(PriceNameOf(offer.id, price->id));
  *current.mutable_effective_time() = rpc::ToProto(price->effective_time);
  for (const PriceTier& tier : price->tiers) {
    v1::Price::Tier& added = *current.add_tiers();
    added.set_minimum_quantity(tier.minimum_quantity);
    *added.mutable_unit_price() = rpc::ToProto(tier.unit_price);
  }
  return proto;
}

}  // namespace countersign::order
