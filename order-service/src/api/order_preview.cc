// What a partner looks up before it writes an order: PreviewOrder and ListSellableOffers.
#include "order-service/src/domain/order_preview.h"

#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_service.h"

namespace countersign::order {

absl::StatusOr<v1::PreviewOrderResponse> OrderService::Preview(const rpc::Call& call,
                                                               const CreateOrderCommand& command) {
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, {command.tenant, command.customer}, command.terms));
  const Order draft =
      NewDraft({command.tenant, Uuid()}, command.customer, std::move(terms), call.now(), command.terms.kind);
  RETURN_IF_ERROR(CheckSeller(call, draft));
  ASSIGN_OR_RETURN(const OrderPreview preview, PreviewOf(draft.terms, DateOf(call.now())));
  v1::PreviewOrderResponse reply;
  *reply.mutable_order() = ToProto(draft);
  reply.mutable_order()->clear_name();
  reply.mutable_order()->clear_order_number();
  for (const FirstInvoice& invoice : preview.first_invoices) {
    v1::PreviewOrderResponse::FirstInvoice& first = *reply.add_first_invoices();
    *first.mutable_start_date() = rpc::ToProto(invoice.period.start);
    *first.mutable_end_date() = rpc::ToProto(invoice.period.end);
    *first.mutable_net() = rpc::ToProto(invoice.net);
  }
  *reply.mutable_commitment() = rpc::ToProto(preview.commitment);
  *reply.mutable_estimated_fee() = rpc::ToProto(preview.estimated_fee);
  return reply;
}

absl::StatusOr<v1::ListSellableOffersResponse> OrderService::ListSellable(const rpc::Call& call,
                                                                          const ListSellableOffersCommand& command) {
  ASSIGN_OR_RETURN(const mysql::Page<Offer> page, catalogue_.ListOffers(call.deadline(), command.list.page));
  partner::v1::CheckSellerRequest request;
  request.set_customer(command.customer);
  for (const Offer& offer : page.items) request.add_offers(OfferNameOf(offer.id));
  ASSIGN_OR_RETURN(const auto seller, partners_.CheckSeller(call.outgoing(), request));
  const std::set<std::string> unauthorized(seller.unauthorized_offers().begin(), seller.unauthorized_offers().end());

  v1::ListSellableOffersResponse reply;
  for (const Offer& offer : page.items) {
    const bool sold = !offer.retired && offer.PriceInForce(command.currency, call.now()) != nullptr &&
                      (command.region.empty() || offer.IsSoldIn(command.region));
    if (!sold || unauthorized.count(OfferNameOf(offer.id)) != 0) continue;
    *reply.add_offers() = ToProto(offer, command.currency, call.now());
  }
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::order
