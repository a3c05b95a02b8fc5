#include "order-service/src/api/catalogue_handlers.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_requests.h"

namespace countersign::order {
namespace {

std::vector<mysql::FilterField> OfferFilterFields() {
  using enum mysql::FilterType;
  return {{"title", "title"}, {"minimum_quantity", "minimum_quantity", kInt}, {"retired", "retired", kBool}};
}

std::string RequireCurrency(FieldViolations& violations, const std::string& asked) {
  return rpc::RequireCurrency(violations, "currency_code", asked.empty() ? "USD" : asked);
}

}  // namespace

absl::StatusOr<ListOffersCommand> ParseListOffers(const rpc::Call& call, const v1::ListOffersRequest& request) {
  FieldViolations violations;
  ListOffersCommand command;
  command.currency = RequireCurrency(violations, request.currency_code());
  command.list = rpc::RequireListing(violations, call, request, OfferFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetOfferCommand> ParseGetOffer(const rpc::Call&, const v1::GetOfferRequest& request) {
  FieldViolations violations;
  GetOfferCommand command;
  command.offer = RequireOffer(violations, "name", request.name());
  command.currency = RequireCurrency(violations, request.currency_code());
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
  ASSIGN_OR_RETURN(const mysql::Page<Offer> page, catalogue_.ListOffers(call.deadline(), command.list.page));
  v1::ListOffersResponse reply;
  for (const Offer& offer : page.items) *reply.add_offers() = ToProto(offer, command.currency, call.now());
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::order
