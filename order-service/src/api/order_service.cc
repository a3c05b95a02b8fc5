#include "order-service/src/api/order_service.h"

#include <memory>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "common/rpc/page.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/pricing.h"

namespace countersign::order {
namespace {

// These stay as they were on create; naming another must not be ignored silently.
absl::Status CheckFixedFields(const ReviseOrderCommand& command, const Order& order) {
  FieldViolations violations;
  const v1::Order proto = ToProto(order);
  if (!command.customer.empty() && command.customer != proto.customer()) {
    violations.Add("order.customer", "is fixed since the order was created");
  }
  if (!command.partner_of_record.empty() && command.partner_of_record != proto.partner_of_record()) {
    violations.Add("order.partner_of_record", "is fixed since the order was created");
  }
  if (command.terms.kind != order.kind) violations.Add("order.kind", "is fixed since the order was created");
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::Order> OrderService::Create(const rpc::Call& call, const CreateOrderCommand& command) {
  // Prices first: they cost no call, and most refusals are here.
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, {command.tenant, command.customer}, command.terms));
  const Order draft = NewDraft({command.tenant, call.DerivedId("order")}, command.customer, std::move(terms),
                               call.now(), command.terms.kind);
  RETURN_IF_ERROR(CheckSeller(call, draft));
  if (call.validate_only()) return ToProto(draft);
  return Save(call, {.before = draft, .after = draft, .event = "ORDER_CREATED", .rows = {OrderStore::Row(draft)}});
}

absl::StatusOr<v1::Order> OrderService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {named.tenant, named.id}));
  return ToProto(stored.order);
}

absl::StatusOr<v1::ListOrdersResponse> OrderService::List(const rpc::Call& call,
                                                          const ListOrdersCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Order> page, orders_.List(call.deadline(), command.partner, command.list.page));
  v1::ListOrdersResponse reply;
  for (const Order& order : page.items) *reply.add_orders() = ToProto(order);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Order> OrderService::Update(const rpc::Call& call, const UpdateOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {command.tenant, command.id}));
  const Order& before = stored.order;
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  RETURN_IF_ERROR(Next(before.state, OrderAct::kUpdate).status());  // Before anything is said of its fields.
  ASSIGN_OR_RETURN(const RequestedTerms requested, UpdatedTerms(command, before));
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, before.buyer(), requested));
  ASSIGN_OR_RETURN(const Order updated, before.Update(std::move(terms), call.now()));
  return Save(call, {.before = before, .after = updated, .event = "ORDER_UPDATED", .rows = {OrderStore::Row(updated)}});
}

absl::StatusOr<v1::Order> OrderService::Revise(const rpc::Call& call, const ReviseOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {command.tenant, command.id}));
  const Order& before = stored.order;
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  RETURN_IF_ERROR(CheckFixedFields(command, before));
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, before.buyer(), command.terms));
  ASSIGN_OR_RETURN(const Order revised, before.Revise(std::move(terms), call.now()));
  RETURN_IF_ERROR(CheckSeller(call, revised));
  return Save(call, {.before = before,
                     .after = revised,
                     .event = "ORDER_REVISED",
                     .rows = OrderStore::RowsOfRevised(before, revised)});
}

absl::StatusOr<v1::Order> OrderService::Cancel(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), {named.tenant, named.id}));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, stored.order.version));
  ASSIGN_OR_RETURN(const Order cancelled, stored.order.Cancel(named.reason, call.now()));
  return Save(call, {.before = stored.order,
                     .after = cancelled,
                     .event = "ORDER_CANCELLED",
                     .reason = named.reason,
                     .rows = {OrderStore::Row(cancelled)}});
}

absl::StatusOr<OrderTerms> OrderService::PriceNow(const rpc::Call& call, const CustomerName& buyer,
                                                  const RequestedTerms& requested) {
  if (requested.requested_start.has_value()) {
    FieldViolations violations;
    violations.AddIfError("order.requested_start_date", CheckRequestedStart(*requested.requested_start, call.now()));
    RETURN_IF_ERROR(violations.ToStatus());
  }
  OrderTerms terms{.currency = requested.currency,
                   .lines = {},
                   .total = {},
                   .billing_period_months = requested.billing_period_months,
                   .requested_start = requested.requested_start,
                   .partner_reference = requested.partner_reference,
                   .customer_note = requested.customer_note,
                   .purchase_order_number = requested.purchase_order_number,
                   .region = requested.region};
  PricedLines priced;
  if (requested.kind == OrderKind::kNew) {
    ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
    ASSIGN_OR_RETURN(priced, PriceLines(*catalogue, requested.lines,
                                        {.currency = requested.currency,
                                         .billing_period_months = requested.billing_period_months,
                                         .time = PricingTime(requested.requested_start, call.now()),
                                         .today = DateOf(call.now())}));
  } else {
    ASSIGN_OR_RETURN(priced, PriceChangeNow(call, buyer, requested.kind, requested.lines.front(), requested.currency,
                                            terms.billing_period_months));
  }
  terms.lines = std::move(priced.lines);
  terms.total = std::move(priced.total);
  return terms;
}

absl::Status OrderService::CheckSeller(const rpc::Call& call, const Order& order) {
  partner::v1::CheckSellerRequest request;
  request.set_customer(CustomerNameOf(order));
  return partners_.CheckSeller(call.outgoing(), request).status();
}

absl::StatusOr<v1::Order> OrderService::Save(const rpc::Call& call, const OrderChange& change) {
  const v1::Order reply = ToProto(change.after);
  RETURN_IF_ERROR(Commit(call, change, reply, reply));
  return reply;
}

absl::Status OrderService::Commit(const rpc::Call& call, const OrderChange& change, const v1::Order& order,
                                  const google::protobuf::Message& reply) {
  const events::Event event = call.MakeEvent({.aggregate = change.after.name.id,
                                              .version = change.after.version,
                                              .type = change.event,
                                              .payload = EventOf(change.before, change.after),
                                              .resource = order,
                                              .reason = change.reason});
  return committer_.Commit(
      call.deadline(),
      call.ChangeOf(
          {.rows = change.rows, .events = {event}, .reply = reply, .guards = change.guards, .also = change.also}));
}

}  // namespace countersign::order
