// Orders as they were, and what is made of them: revisions, CloneOrder, SearchOrders.
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_service.h"

namespace countersign::order {
namespace {

constexpr int kMaxFound = 100;

// The terms of a clone of the order: without its day, and without promotions that are over.
RequestedTerms TermsToClone(const Order& order, const Catalogue& catalogue, Date today) {
  RequestedTerms terms;
  terms.kind = order.kind;
  terms.currency = order.terms.currency;
  terms.lines = RequestedLinesOf(order.terms);
  terms.billing_period_months = order.terms.billing_period_months;
  terms.partner_reference = order.terms.partner_reference;
  terms.customer_note = order.terms.customer_note;
  terms.purchase_order_number = order.terms.purchase_order_number;
  terms.region = order.terms.region;
  for (RequestedLine& line : terms.lines) {
    const Offer* const offer = catalogue.Find(line.offer_id);
    const Promotion* const promotion = offer == nullptr ? nullptr : offer->FindPromotion(line.promotion_id);
    if (promotion == nullptr || !promotion->IsOpenOn(today)) line.promotion_id.clear();
  }
  return terms;
}

}  // namespace

absl::StatusOr<v1::Order> OrderService::Clone(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {named.tenant, named.id}));
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  ASSIGN_OR_RETURN(OrderTerms terms,
                   PriceNow(call, stored.order.buyer(), TermsToClone(stored.order, *catalogue, DateOf(call.now()))));
  const Order draft = NewDraft({named.tenant, call.DerivedId("order")}, stored.order.customer, std::move(terms),
                               call.now(), stored.order.kind);
  RETURN_IF_ERROR(CheckSeller(call, draft));
  if (call.validate_only()) return ToProto(draft);
  return Save(call, {.before = draft, .after = draft, .event = "ORDER_CREATED", .rows = {OrderStore::Row(draft)}});
}

absl::StatusOr<v1::ListOrderRevisionsResponse> OrderService::ListRevisions(const rpc::Call& call,
                                                                           const rpc::ListRequest& command) const {
  const OrderName name{command.parents.front(), command.parents.back()};
  RETURN_IF_ERROR(orders_.Get(call.deadline(), name).status());
  ASSIGN_OR_RETURN(const mysql::Page<OrderRevision> page,
                   orders_.ListRevisions(call.deadline(), name, command.list.page));
  v1::ListOrderRevisionsResponse reply;
  for (const OrderRevision& revision : page.items) *reply.add_order_revisions() = ToProto(revision);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::OrderRevision> OrderService::GetRevision(const rpc::Call& call,
                                                            const OrderRevisionName& name) const {
  ASSIGN_OR_RETURN(const OrderRevision revision, orders_.GetRevision(call.deadline(), name.order, name.revision));
  return ToProto(revision);
}

absl::StatusOr<v1::SearchOrdersResponse> OrderService::Search(const rpc::Call& call,
                                                              const SearchOrdersCommand& command) const {
  ASSIGN_OR_RETURN(const std::vector<Order> found,
                   orders_.Search(call.deadline(), command.partner, command.query, command.account, kMaxFound));
  v1::SearchOrdersResponse reply;
  for (const Order& order : found) *reply.add_orders() = ToProto(order);
  return reply;
}

}  // namespace countersign::order
