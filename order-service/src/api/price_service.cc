#include "order-service/src/api/price_service.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/price_messages.h"

namespace countersign::order {

absl::StatusOr<v1::Price> PriceService::Create(const rpc::Call& call, const CreatePriceCommand& command) {
  const Price& price = command.price;
  FieldViolations violations;
  CheckNewPrice(price, call.now(), "price", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const Offer offer, catalogue_.GetOffer(call.deadline(), command.offer));
  RETURN_IF_ERROR(offer.CheckNotRetired());
  const std::vector<mysql::RowWrite> rows = CatalogueStore::RowsOf(offer.id, price);
  if (absl::c_any_of(offer.prices, [&](const Price& other) { return other.id == price.id; })) {
    return rows.front().if_duplicate;
  }
  const v1::Price reply = ToProto(offer.id, price);
  if (call.validate_only()) return reply;
  const events::Event event = call.MakeEvent({.aggregate = PriceAggregate(offer.id, price.id),
                                              .version = 1,
                                              .type = "PRICE_CREATED",
                                              .payload = EventOf(offer.id, price),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.rows = rows, .events = {event}, .reply = reply})));
  catalogue_.Forget();
  return reply;
}

absl::StatusOr<v1::Price> PriceService::Get(const rpc::Call& call, const GetPriceCommand& command) const {
  const absl::StatusOr<Offer> offer = catalogue_.GetOffer(call.deadline(), command.offer);
  if (absl::IsNotFound(offer.status())) return NoSuchPrice(command.offer, command.price);
  RETURN_IF_ERROR(offer.status());
  for (const Price& price : offer->prices) {
    if (price.id == command.price) return ToProto(offer->id, price);
  }
  return NoSuchPrice(command.offer, command.price);
}

absl::StatusOr<v1::ListPricesResponse> PriceService::List(const rpc::Call& call,
                                                          const ListPricesCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Price> page,
                   catalogue_.ListPrices(call.deadline(), command.offer, command.list.page));
  v1::ListPricesResponse reply;
  for (const Price& price : page.items) *reply.add_prices() = ToProto(command.offer, price);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ResolvePriceResponse> PriceService::Resolve(const rpc::Call& call,
                                                               const ResolvePriceCommand& command) const {
  ASSIGN_OR_RETURN(const Offer offer, catalogue_.GetOffer(call.deadline(), command.offer));
  ASSIGN_OR_RETURN(const PriceAnswer answer, order::ResolvePrice(offer, command.question, call.now()));
  return ToProto(offer.id, answer);
}

}  // namespace countersign::order
