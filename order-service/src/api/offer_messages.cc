#include "order-service/src/api/offer_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/price_messages.h"

namespace countersign::order {

std::string OfferNameOf(absl::string_view offer) { return absl::StrCat(kOfferPrefix, offer); }

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

v1::OfferEvent EventOf(const Offer& offer) {
  v1::OfferEvent event;
  event.set_offer(OfferNameOf(offer.id));
  event.set_version(offer.version);
  event.set_retired(offer.retired);
  return event;
}

}  // namespace countersign::order
