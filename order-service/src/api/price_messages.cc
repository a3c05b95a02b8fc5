#include "order-service/src/api/price_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
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

std::string PriceNameOf(absl::string_view offer, absl::string_view price) {
  return absl::StrCat(kOfferPrefix, offer, kPricesPart, price);
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

v1::PriceEvent EventOf(absl::string_view offer, const Price& price) {
  v1::PriceEvent event;
  event.set_price(PriceNameOf(offer, price.id));
  event.set_currency_code(price.currency);
  *event.mutable_effective_time() = rpc::ToProto(price.effective_time);
  return event;
}

}  // namespace countersign::order
