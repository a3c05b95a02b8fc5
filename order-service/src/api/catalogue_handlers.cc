#include "order-service/src/api/catalogue_handlers.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_requests.h"

namespace countersign::order {

absl::StatusOr<ListOffersCommand> CatalogueHandlers::ParseListOffers(const rpc::Call& call,
                                                                     const v1::ListOffersRequest& request) const {
  FieldViolations violations;
  const std::string& asked = request.currency_code();
  ListOffersCommand command;
  command.currency = rpc::RequireCurrency(violations, "currency_code", asked.empty() ? "USD" : asked);
  command.page =
      rpc::RequirePage(violations, call, /*filter=*/command.currency, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetOfferCommand> ParseGetOffer(const rpc::Call&, const v1::GetOfferRequest& request) {
  FieldViolations violations;
  const std::string& asked = request.currency_code();
  GetOfferCommand command;
  command.offer = RequireOffer(violations, "name", request.name());
  command.currency = rpc::RequireCurrency(violations, "currency_code", asked.empty() ? "USD" : asked);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<v1::Offer> CatalogueHandlers::GetOffer(const rpc::Call& call, const GetOfferCommand& command) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  const Offer* const offer = catalogue->Find(command.offer);
  if (offer == nullptr) {
    return NotFound("OFFER_NOT_FOUND", "there is no such offer", {{"offer", OfferNameOf(command.offer)}});
  }
  return ToProto(*offer, command.currency, call.now());
}

absl::StatusOr<v1::ListOffersResponse> CatalogueHandlers::ListOffers(const rpc::Call& call,
                                                                     const ListOffersCommand& command) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  v1::ListOffersResponse reply;
  std::string last;
  for (const Offer& offer : catalogue->offers()) {
    if (offer.id <= command.page.after) continue;
    if (reply.offers_size() == command.page.size) {
      reply.set_next_page_token(rpc::NextPageToken(call, command.currency, last));
      break;
    }
    *reply.add_offers() = ToProto(offer, command.currency, call.now());
    last = offer.id;
  }
  return reply;
}

}  // namespace countersign::order
