#include "order-service/src/api/promotion_service.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "order-service/src/api/promotion_messages.h"

namespace countersign::order {

absl::StatusOr<v1::Promotion> PromotionService::Create(const rpc::Call& call, const CreatePromotionCommand& command) {
  const Promotion& promotion = command.promotion;
  FieldViolations violations;
  CheckNewPromotion(promotion, call.now(), "promotion", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const Offer offer, catalogue_.GetOffer(call.deadline(), command.offer));
  RETURN_IF_ERROR(offer.CheckNotRetired());
  mysql::RowWrite row = CatalogueStore::NewRow(offer.id, promotion);
  if (offer.FindPromotion(promotion.id) != nullptr) return row.if_duplicate;
  if (call.validate_only()) return ToProto(offer.id, promotion);
  return Save(call, offer.id, promotion, "PROMOTION_CREATED", std::move(row));
}

absl::StatusOr<v1::Promotion> PromotionService::Get(const rpc::Call& call, const PromotionName& name) const {
  ASSIGN_OR_RETURN(const Promotion promotion, catalogue_.GetPromotion(call.deadline(), name.offer, name.promotion));
  return ToProto(name.offer, promotion);
}

absl::StatusOr<v1::ListPromotionsResponse> PromotionService::List(const rpc::Call& call,
                                                                  const ListPromotionsCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Promotion> page,
                   catalogue_.ListPromotions(call.deadline(), command.offer, command.list.page));
  v1::ListPromotionsResponse reply;
  for (const Promotion& promotion : page.items) *reply.add_promotions() = ToProto(command.offer, promotion);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Promotion> PromotionService::End(const rpc::Call& call, const EndPromotionCommand& command) {
  const auto& [offer, id] = command.name;
  ASSIGN_OR_RETURN(const Promotion before, catalogue_.GetPromotion(call.deadline(), offer, id));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  ASSIGN_OR_RETURN(const Promotion ended, before.End(call.now()));
  return Save(call, offer, ended, "PROMOTION_ENDED", CatalogueStore::Row(offer, ended), command.reason);
}

absl::StatusOr<v1::Promotion> PromotionService::Save(const rpc::Call& call, const std::string& offer,
                                                     const Promotion& promotion, absl::string_view event,
                                                     mysql::RowWrite row, absl::string_view reason) {
  v1::Promotion reply = ToProto(offer, promotion);
  const events::Event happened = call.MakeEvent({.aggregate = PromotionAggregate(offer, promotion.id),
                                                 .version = promotion.version,
                                                 .type = event,
                                                 .payload = EventOf(offer, promotion),
                                                 .resource = reply,
                                                 .reason = reason});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.rows = {std::move(row)}, .events = {happened}, .reply = reply})));
  catalogue_.Forget();
  return reply;
}

}  // namespace countersign::order
