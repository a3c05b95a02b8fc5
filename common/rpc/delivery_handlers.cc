#include "common/rpc/delivery_handlers.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "common/rpc/page.h"

namespace countersign::rpc {
namespace {

using mysql::HeldDelivery;
namespace v1 = event::v1;

constexpr MethodSpec kListHeldDeliveries{"countersign.event.v1.DeliveryService/ListHeldDeliveries"};
constexpr MethodSpec kRetryDelivery{"countersign.event.v1.DeliveryService/RetryDelivery"};
constexpr MethodSpec kRedeliverEvents{"countersign.event.v1.DeliveryService/RedeliverEvents"};

constexpr int kMaxConsumerChars = 64;

struct ListQuery {
  int page_size = 0;
  std::optional<HeldDelivery> after;
};

struct DeliveryName {
  Uuid tenant;
  Uuid aggregate;
  std::string consumer;
};

struct Redelivery {
  std::string consumer;
  absl::Time since;
};

// The place of a delivery in the list: parked, tenant, aggregate, consumer.
std::string PositionOf(const HeldDelivery& last) {
  return absl::StrCat(last.parked ? "1" : "0", "/", last.tenant.ToString(), "/", last.aggregate.ToString(), "/",
                      last.consumer);
}

// The token that it came in is authenticated, so it is what PositionOf made.
HeldDelivery DeliveryAt(const std::string& position) {
  const std::vector<std::string> parts = absl::StrSplit(position, '/');
  HeldDelivery place;
  if (parts.size() != 4) return place;
  place.parked = parts[0] == "1";
  place.tenant = Uuid::Parse(parts[1]).value_or(Uuid());
  place.aggregate = Uuid::Parse(parts[2]).value_or(Uuid());
  place.consumer = parts[3];
  return place;
}

absl::StatusOr<ListQuery> ParseList(const Call& call, const v1::ListHeldDeliveriesRequest& request) {
  FieldViolations violations;
  const Page page = RequirePage(violations, call, /*filter=*/"", request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  ListQuery query{.page_size = page.size, .after = std::nullopt};
  if (!page.after.empty()) query.after = DeliveryAt(page.after);
  return query;
}

absl::StatusOr<DeliveryName> ParseRetry(const Call&, const v1::RetryDeliveryRequest& request) {
  FieldViolations violations;
  DeliveryName name;
  name.tenant = RequireUuid(violations, "tenant", request.tenant());
  name.aggregate = RequireUuid(violations, "aggregate", request.aggregate());
  name.consumer = RequireText(violations, "consumer", request.consumer(), 1, kMaxConsumerChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return name;
}

absl::StatusOr<Redelivery> ParseRedelivery(const Call&, const v1::RedeliverEventsRequest& request) {
  FieldViolations violations;
  Redelivery redelivery;
  redelivery.consumer = RequireText(violations, "consumer", request.consumer(), 1, kMaxConsumerChars);
  redelivery.since = RequireTime(violations, "since", request.has_since(), request.since());
  RETURN_IF_ERROR(violations.ToStatus());
  return redelivery;
}

v1::HeldDelivery ToProto(const HeldDelivery& held) {
  v1::HeldDelivery proto;
  proto.set_tenant(held.tenant.ToString());
  proto.set_aggregate(held.aggregate.ToString());
  proto.set_consumer(held.consumer);
  proto.set_version(held.version);
  proto.set_parked(held.parked);
  proto.set_attempts(held.attempts);
  if (!held.parked) *proto.mutable_next_attempt_time() = rpc::ToProto(held.next_attempt);
  proto.set_last_error(held.last_error);
  return proto;
}

}  // namespace

grpc::Status DeliveryHandlers::ListHeldDeliveries(grpc::ServerContext* context,
                                                  const v1::ListHeldDeliveriesRequest* request,
                                                  v1::ListHeldDeliveriesResponse* reply) {
  const auto list = [this](const Call& call, const ListQuery& query) -> absl::StatusOr<v1::ListHeldDeliveriesResponse> {
    // One more than asked for tells whether there is a next page.
    ASSIGN_OR_RETURN(std::vector<HeldDelivery> held,
                     relay_.ListHeld(call.deadline(), query.after, query.page_size + 1));
    v1::ListHeldDeliveriesResponse page;
    if (held.size() > static_cast<size_t>(query.page_size)) {
      held.resize(static_cast<size_t>(query.page_size));
      page.set_next_page_token(NextPageToken(call, /*filter=*/"", PositionOf(held.back())));
    }
    for (const HeldDelivery& delivery : held) *page.add_held_deliveries() = ToProto(delivery);
    return page;
  };
  return endpoint_.Read(kListHeldDeliveries, context, *request, reply, ParseList, list);
}

grpc::Status DeliveryHandlers::RetryDelivery(grpc::ServerContext* context, const v1::RetryDeliveryRequest* request,
                                             v1::RetryDeliveryResponse* reply) {
  const auto retry = [this](const Call& call, const DeliveryName& name) -> absl::StatusOr<v1::RetryDeliveryResponse> {
    const absl::Status status = relay_.Retry(call.deadline(), name.tenant, name.aggregate, name.consumer);
    if (absl::IsNotFound(status)) return NotFound("DELIVERY_NOT_FOUND", "No such delivery waits.");
    RETURN_IF_ERROR(status);
    return v1::RetryDeliveryResponse();
  };
  return endpoint_.Read(kRetryDelivery, context, *request, reply, ParseRetry, retry);
}

grpc::Status DeliveryHandlers::RedeliverEvents(grpc::ServerContext* context, const v1::RedeliverEventsRequest* request,
                                               v1::RedeliverEventsResponse* reply) {
  const auto redeliver = [this](const Call& call,
                                const Redelivery& what) -> absl::StatusOr<v1::RedeliverEventsResponse> {
    const absl::Status status = relay_.Redeliver(call.deadline(), what.consumer, what.since);
    if (absl::IsNotFound(status)) {
      return NotFound("CONSUMER_NOT_FOUND", "This service has no such consumer.", {{"consumer", what.consumer}});
    }
    RETURN_IF_ERROR(status);
    return v1::RedeliverEventsResponse();
  };
  return endpoint_.Read(kRedeliverEvents, context, *request, reply, ParseRedelivery, redeliver);
}

}  // namespace countersign::rpc
