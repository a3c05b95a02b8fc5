#include "order-service/src/api/catalogue_service.h"

#include <memory>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/page.h"
#include "order-service/src/api/catalogue_messages.h"

namespace countersign::order {

absl::StatusOr<v1::ListOffersResponse> CatalogueService::List(const rpc::Call& call,
                                                              const ListOffersCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Offer> page, catalogue_.ListOffers(call.deadline(), command.list.page));
  v1::ListOffersResponse reply;
  for (const Offer& offer : page.items) *reply.add_offers() = ToProto(offer, command.currency, call.now());
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Offer> CatalogueService::Get(const rpc::Call& call, const GetOfferCommand& command) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  const Offer* const offer = catalogue->Find(command.offer);
  if (offer == nullptr) {
    return NotFound("OFFER_NOT_FOUND", "The catalogue has no such offer. ListOffers lists those that it has.",
                    {{"offer", OfferNameOf(command.offer)}});
  }
  return ToProto(*offer, command.currency, call.now());
}

}  // namespace countersign::order
