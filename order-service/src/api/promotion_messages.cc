#include "order-service/src/api/promotion_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "order-service/src/api/names.h"

namespace countersign::order {

std::string PromotionNameOf(absl::string_view offer, absl::string_view promotion) {
  return absl::StrCat(kOfferPrefix, offer, kPromotionsPart, promotion);
}

v1::Promotion ToProto(absl::string_view offer, const Promotion& promotion) {
  v1::Promotion proto;
  proto.set_name(PromotionNameOf(offer, promotion.id));
  proto.set_title(promotion.title);
  proto.set_trial_days(promotion.trial_days);
  for (const Money& price : promotion.unit_prices) *proto.add_unit_prices() = rpc::ToProto(price);
  *proto.mutable_start_date() = rpc::ToProto(promotion.start_date);
  *proto.mutable_end_date() = rpc::ToProto(promotion.end_date);
  proto.set_etag(rpc::EtagOf(promotion.version));
  *proto.mutable_create_time() = rpc::ToProto(promotion.create_time);
  *proto.mutable_update_time() = rpc::ToProto(promotion.update_time);
  return proto;
}

v1::PromotionEvent EventOf(absl::string_view offer, const Promotion& promotion) {
  v1::PromotionEvent event;
  event.set_promotion(PromotionNameOf(offer, promotion.id));
  event.set_version(promotion.version);
  *event.mutable_end_date() = rpc::ToProto(promotion.end_date);
  return event;
}

}  // namespace countersign::order
