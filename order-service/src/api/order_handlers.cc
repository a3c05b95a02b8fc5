#include "order-service/src/api/order_handlers.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/rpc/etag.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/pricing.h"

namespace countersign::order {
namespace {

Order NewDraft(const CreateOrderCommand& command, OrderTerms terms, absl::Time now) {
  Order draft;
  draft.name = {command.tenant, command.order};
  draft.customer = command.customer;
  draft.partner_of_record = command.tenant;
  draft.terms = std::move(terms);
  draft.create_time = now;
  draft.update_time = now;
  return draft;
}

// Customer and partner of record stay as they were on create; naming another one must not be ignored silently.
absl::Status CheckFixedFields(const ReviseOrderCommand& command, const v1::Order& order) {
  FieldViolations violations;
  if (!command.customer.empty() && command.customer != order.customer()) {
    violations.Add("order.customer", "is fixed since the order was created");
  }
  if (!command.partner_of_record.empty() && command.partner_of_record != order.partner_of_record()) {
    violations.Add("order.partner_of_record", "is fixed since the order was created");
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<OrderTerms> OrderHandlers::PriceNow(const rpc::Call& call, const RequestedTerms& requested) {
  if (requested.requested_start.has_value()) {
    FieldViolations violations;
    violations.AddIfError("order.requested_start_date", CheckRequestedStart(*requested.requested_start, call.now()));
    RETURN_IF_ERROR(violations.ToStatus());
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  ASSIGN_OR_RETURN(PricedLines priced, PriceLines(*catalogue, requested.lines, requested.currency,
                                                  requested.billing_period_months, call.now()));
  return OrderTerms{.currency = requested.currency,
                    .lines = std::move(priced.lines),
                    .total = std::move(priced.total),
                    .billing_period_months = requested.billing_period_months,
                    .requested_start = requested.requested_start,
                    .partner_reference = requested.partner_reference};
}

absl::Status OrderHandlers::CheckSeller(const rpc::Call& call, const Order& order) {
  partner::v1::CheckSellerRequest request;
  request.set_customer(CustomerNameOf(order));
  return partners_.CheckSeller(call.outgoing(), request).status();
}

absl::StatusOr<v1::Order> OrderHandlers::Create(const rpc::Call& call, const CreateOrderCommand& command) {
  // Prices first: they cost no call, and most refusals are here.
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, command.terms));
  const Order draft = NewDraft(command, std::move(terms), call.now());
  RETURN_IF_ERROR(CheckSeller(call, draft));
  v1::Order reply = ToProto(draft);
  if (call.validate_only()) return reply;

  const events::Change change = call.MakeChange(
      {call.MakeEvent(command.tenant, draft.name.id, draft.version, "ORDER_CREATED", EventOf(draft, draft), reply)},
      reply);
  RETURN_IF_ERROR(orders_.Create(call.deadline(), draft, change));
  return reply;
}

absl::StatusOr<v1::Order> OrderHandlers::Get(const rpc::Call& call, const GetOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), command.name));
  return ToProto(stored.order);
}

absl::StatusOr<v1::Order> OrderHandlers::Revise(const rpc::Call& call, const ReviseOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), command.name));
  const Order& before = stored.order;
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.version));
  RETURN_IF_ERROR(CheckFixedFields(command, ToProto(before)));
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, command.terms));
  ASSIGN_OR_RETURN(const Order revised, before.Revise(std::move(terms), call.now()));
  RETURN_IF_ERROR(CheckSeller(call, revised));
  v1::Order reply = ToProto(revised);

  const events::Change change = call.MakeChange({call.MakeEvent(command.tenant, revised.name.id, revised.version,
                                                                "ORDER_REVISED", EventOf(before, revised), reply)},
                                                reply);
  RETURN_IF_ERROR(orders_.Revise(call.deadline(), before, revised, change));
  return reply;
}

absl::StatusOr<v1::Order> OrderHandlers::Cancel(const rpc::Call& call, const CancelOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(call.deadline(), command.name));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, stored.order.version));
  ASSIGN_OR_RETURN(const Order cancelled, stored.order.Cancel(command.reason, call.now()));
  v1::Order reply = ToProto(cancelled);

  const events::Change change =
      call.MakeChange({call.MakeEvent(command.tenant, cancelled.name.id, cancelled.version, "ORDER_CANCELLED",
                                      EventOf(stored.order, cancelled), reply, command.reason)},
                      reply);
  RETURN_IF_ERROR(orders_.Update(call.deadline(), cancelled, change));
  return reply;
}

}  // namespace countersign::order
