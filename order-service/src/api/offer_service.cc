#include "order-service/src/api/offer_service.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/domain/bundle.h"

namespace countersign::order {
namespace {

constexpr absl::string_view kListCurrency = "USD";  // Of the price that a changed offer is shown with.

// Checks an offer's contents against the whole catalogue.
absl::Status CheckContents(const Catalogue& catalogue, const Offer& offer) {
  FieldViolations violations;
  if (offer.maximum_quantity < offer.minimum_quantity) {
    violations.Add("offer.maximum_quantity", "must be at least minimum_quantity");
  }
  CheckComponents(catalogue, offer, "offer.components", violations);
  return violations.ToStatus();
}

absl::StatusOr<Offer> FindOffer(const Catalogue& catalogue, absl::string_view id) {
  const Offer* const offer = catalogue.Find(id);
  if (offer == nullptr) return NoSuchOffer(id);
  return *offer;
}

}  // namespace

absl::StatusOr<v1::ListOffersResponse> OfferService::List(const rpc::Call& call,
                                                          const ListOffersCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Offer> page, catalogue_.ListOffers(call.deadline(), command.list.page));
  v1::ListOffersResponse reply;
  for (const Offer& offer : page.items) *reply.add_offers() = ToProto(offer, command.currency, call.now());
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Offer> OfferService::Get(const rpc::Call& call, const GetOfferCommand& command) const {
  ASSIGN_OR_RETURN(const Offer offer, catalogue_.GetOffer(call.deadline(), command.offer));
  return ToProto(offer, command.currency, call.now());
}

absl::StatusOr<v1::Offer> OfferService::Create(const rpc::Call& call, const CreateOfferCommand& command) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Load(call.deadline()));
  const Offer offer = Offer::New(command.offer, command.fields, call.now());
  RETURN_IF_ERROR(CheckContents(*catalogue, offer));
  mysql::RowWrite row = CatalogueStore::NewRow(offer);
  if (catalogue->Find(offer.id) != nullptr) return row.if_duplicate;
  if (call.validate_only()) return ToProto(offer, kListCurrency, call.now());
  return Save(call, offer, "OFFER_CREATED", std::move(row));
}

absl::StatusOr<v1::Offer> OfferService::Update(const rpc::Call& call, const ChangeOfferCommand& command) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Load(call.deadline()));
  ASSIGN_OR_RETURN(const Offer before, FindOffer(*catalogue, command.offer));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  ASSIGN_OR_RETURN(const Offer next, before.Update(command.fields, call.now()));
  RETURN_IF_ERROR(CheckContents(*catalogue, next));
  return Save(call, next, "OFFER_UPDATED", CatalogueStore::Row(next));
}

absl::StatusOr<v1::Offer> OfferService::Retire(const rpc::Call& call, const ChangeOfferCommand& command) {
  ASSIGN_OR_RETURN(const Offer before, catalogue_.GetOffer(call.deadline(), command.offer));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  ASSIGN_OR_RETURN(const Offer retired, before.Retire(call.now()));
  return Save(call, retired, "OFFER_RETIRED", CatalogueStore::Row(retired), command.reason);
}

absl::StatusOr<v1::Offer> OfferService::Save(const rpc::Call& call, const Offer& offer, absl::string_view event,
                                             mysql::RowWrite row, absl::string_view reason) {
  v1::Offer reply = ToProto(offer, kListCurrency, call.now());
  const events::Event happened = call.MakeEvent({.aggregate = OfferAggregate(offer.id),
                                                 .version = offer.version,
                                                 .type = event,
                                                 .payload = EventOf(offer),
                                                 .resource = reply,
                                                 .reason = reason});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.rows = {std::move(row)}, .events = {happened}, .reply = reply})));
  catalogue_.Forget();
  return reply;
}

}  // namespace countersign::order
