#include "order-service/src/api/offer_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "order-service/src/api/names.h"

namespace countersign::order {
namespace {

v1::Price::Tier TierMessage(const PriceTier& tier) {
  v1::Price::Tier proto;
  proto.set_minimum_quantity(tier.minimum_quantity);
  *proto.mutable_unit_price() = rpc::ToProto(tier.unit_price);
  return proto;
}

}  // namespace

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
  proto.set_maximum_quantity(offer.maximum_quantity);
  for (const std::string& component : offer.components) proto.add_components(OfferNameOf(component));
  for (const std::string& region : offer.regions) proto.add_regions(region);
  for (const int months : offer.billing_periods) {
    proto.add_billing_periods(months == 12 ? v1::Order::BILLING_PERIOD_ANNUAL : v1::Order::BILLING_PERIOD_MONTHLY);
  }
  proto.set_term_months(kTermMonths);
  proto.set_retired(offer.retired);
  if (offer.retire_time.has_value()) *proto.mutable_retire_time() = rpc::ToProto(*offer.retire_time);
  proto.set_etag(rpc::EtagOf(offer.version));
  *proto.mutable_create_time() = rpc::ToProto(offer.create_time);
  *proto.mutable_update_time() = rpc::ToProto(offer.update_time);
  const Price* price = offer.PriceInForce(currency, time);
  if (price != nullptr) *proto.mutable_current_price() = ToProto(offer.id, *price);
  return proto;
}

v1::Price ToProto(absl::string_view offer, const Price& price) {
  v1::Price proto;
  proto.set_name(PriceNameOf(offer, price.id));
  *proto.mutable_effective_time() = rpc::ToProto(price.effective_time);
  for (const PriceTier& tier : price.tiers) *proto.add_tiers() = TierMessage(tier);
  proto.set_currency_code(price.currency);
  proto.set_note(price.note);
  *proto.mutable_publish_time() = rpc::ToProto(price.publish_time);
  return proto;
}

v1::ResolvePriceResponse ToProto(absl::string_view offer, const PriceAnswer& answer) {
  v1::ResolvePriceResponse proto;
  *proto.mutable_price() = ToProto(offer, *answer.price);
  *proto.mutable_tier() = TierMessage(*answer.tier);
  *proto.mutable_unit_price() = rpc::ToProto(answer.tier->unit_price);
  for (const std::string& sentence : answer.explanation) proto.add_explanation(sentence);
  if (answer.next != nullptr) *proto.mutable_next_effective_time() = rpc::ToProto(answer.next->effective_time);
  return proto;
}

v1::OfferEvent EventOf(const Offer& offer) {
  v1::OfferEvent event;
  event.set_offer(OfferNameOf(offer.id));
  event.set_version(offer.version);
  event.set_retired(offer.retired);
  return event;
}

v1::PriceEvent EventOf(absl::string_view offer, const Price& price) {
  v1::PriceEvent event;
  event.set_price(PriceNameOf(offer, price.id));
  event.set_currency_code(price.currency);
  *event.mutable_effective_time() = rpc::ToProto(price.effective_time);
  return event;
}

}  // namespace countersign::order
