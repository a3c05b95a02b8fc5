#include "common/event_api/delivery_service.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/held_delivery.h"
#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "common/rpc/filter.h"
#include "common/rpc/page.h"
#include "countersign/event/v1/delivery_event.pb.h"

namespace countersign::event_api {
namespace {

using events::HeldDelivery;
using events::WaitingDelivery;
namespace v1 = event::v1;

rpc::MethodSpec DeliveryMethod(absl::string_view name) { return {v1::DeliveryService::service_full_name(), name}; }

constexpr int kMaxConsumerChars = 64;
constexpr int kMaxReasonChars = 500;

// By the tenant the table's key finds it; the others read through it all, which is as long as what has gone wrong.
std::vector<mysql::FilterField> DeliveryFilterFields() {
  return {{"consumer", "consumer", mysql::FilterType::kAscii},
          {"tenant", "tenant_id", mysql::FilterType::kUuid},
          {"aggregate", "aggregate_id", mysql::FilterType::kUuid},
          {"parked", "parked", mysql::FilterType::kBool}};
}

// RetryDelivery and AbandonDelivery.
struct DeliveryCommand {
  Uuid tenant;
  Uuid aggregate;
  std::string consumer;
  int64_t version = 0;  // Of AbandonDelivery.
  std::string reason;
};

struct Redelivery {
  Uuid tenant = LogTenant();
  std::string consumer;
  absl::Time since;
  std::string reason;
};

absl::StatusOr<rpc::Listing> ParseListHeldDeliveries(const rpc::Call& call,
                                                     const v1::ListHeldDeliveriesRequest& request) {
  FieldViolations violations;
  rpc::Listing listing = rpc::RequireListing(violations, call, request, DeliveryFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return listing;
}

std::string RequireReason(FieldViolations& violations, absl::string_view value) {
  return rpc::RequireText(violations, "reason", value, 1, kMaxReasonChars);
}

template <typename Request>
DeliveryCommand RequireDelivery(FieldViolations& violations, const Request& request) {
  DeliveryCommand command;
  command.tenant = rpc::RequireUuid(violations, "tenant", request.tenant());
  command.aggregate = rpc::RequireUuid(violations, "aggregate", request.aggregate());
  command.consumer = rpc::RequireAscii(violations, "consumer", request.consumer(), 1, kMaxConsumerChars);
  command.reason = RequireReason(violations, request.reason());
  return command;
}

absl::StatusOr<DeliveryCommand> ParseRetry(const rpc::Call&, const v1::RetryDeliveryRequest& request) {
  FieldViolations violations;
  DeliveryCommand command = RequireDelivery(violations, request);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<DeliveryCommand> ParseAbandon(const rpc::Call&, const v1::AbandonDeliveryRequest& request) {
  FieldViolations violations;
  DeliveryCommand command = RequireDelivery(violations, request);
  command.version = request.version();
  if (command.version < 1) violations.Add("version", "must be the version that waits, from 1");
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<Redelivery> ParseRedelivery(const rpc::Call&, const v1::RedeliverEventsRequest& request) {
  FieldViolations violations;
  Redelivery redelivery;
  redelivery.consumer = rpc::RequireAscii(violations, "consumer", request.consumer(), 1, kMaxConsumerChars);
  redelivery.since = rpc::RequireTime(violations, "since", request.has_since(), request.since());
  redelivery.reason = RequireReason(violations, request.reason());
  RETURN_IF_ERROR(violations.ToStatus());
  return redelivery;
}

v1::HeldDelivery ToProto(const events::HeldDelivery& held) {
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

// A held delivery, with the version of the last event about it.
struct Found {
  WaitingDelivery waiting;
  Uuid id;
  int64_t last_version = 0;
};

absl::StatusOr<Found> FindDelivery(mysql::Database& database, const rpc::Call& call, const DeliveryCommand& command) {
  Found found;
  found.id = DeliveryId(command.consumer, command.aggregate);
  RETURN_IF_ERROR(database.Read(call.deadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(found.waiting, events::FindHeld(reader, command.tenant, command.aggregate, command.consumer));
    ASSIGN_OR_RETURN(found.last_version, events::LastVersion(reader, command.tenant, found.id));
    return absl::OkStatus();
  }));
  return found;
}

// Writes what became of the delivery, its event, and the reply to give again.
absl::Status CommitDelivery(events::Committer& committer, const rpc::Call& call, const DeliveryCommand& command,
                            const Found& found, const events::HeldDelivery& after, absl::string_view event_type,
                            const google::protobuf::Message& reply) {
  const events::HeldDelivery& before = found.waiting.held;
  v1::DeliveryEvent payload;
  payload.set_aggregate(before.aggregate.ToString());
  payload.set_consumer(before.consumer);
  payload.set_version(before.version);
  const events::Event event = call.MakeEvent({.tenant = before.tenant,
                                              .aggregate = found.id,
                                              .version = found.last_version + 1,
                                              .type = event_type,
                                              .payload = payload,
                                              .resource = ToProto(after),
                                              .reason = command.reason});
  const auto replace = [&](mysql::Connection& connection) {
    return events::ReplaceHeld(connection, found.waiting, after);
  };
  return committer.Commit(call.deadline(), call.ChangeOf({.events = {event}, .reply = reply, .also = replace}));
}

// An event of the redelivery that this call asks for.
events::Event RedeliveryEventOf(const rpc::Call& call, const Redelivery& redelivery, int64_t version,
                                absl::string_view type) {
  v1::RedeliveryEvent payload;
  payload.set_consumer(redelivery.consumer);
  *payload.mutable_since() = rpc::ToProto(redelivery.since);
  return call.MakeEvent({.tenant = redelivery.tenant,
                         .aggregate = call.DerivedId("redelivery"),
                         .version = version,
                         .type = type,
                         .payload = payload,
                         .resource = payload,
                         .reason = redelivery.reason});
}

// Writes down who wants the redelivery, before anything moves; again for the same request_id only once.
absl::Status RecordWish(mysql::Database& database, events::Committer& committer, const rpc::Call& call,
                        const Redelivery& redelivery) {
  const events::Event event = RedeliveryEventOf(call, redelivery, 1, "REDELIVERY_REQUESTED");
  int64_t last_version = 0;
  RETURN_IF_ERROR(database.Read(call.deadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(last_version, events::LastVersion(reader, event.tenant, event.aggregate));
    return absl::OkStatus();
  }));
  if (last_version > 0) return absl::OkStatus();
  return committer.Commit(call.deadline(), {.events = {event}, .reply = std::nullopt});
}

}  // namespace

Uuid LogTenant() { return Uuid::Derived({"countersign.event.v1", "log"}); }

Uuid DeliveryId(absl::string_view consumer, const Uuid& aggregate) {
  return Uuid::Derived({"delivery", consumer, aggregate.bytes()});
}

grpc::Status DeliveryService::ListHeldDeliveries(grpc::ServerContext* context,
                                                 const v1::ListHeldDeliveriesRequest* request,
                                                 v1::ListHeldDeliveriesResponse* reply) {
  const auto list = [this](const rpc::Call& call,
                           const rpc::Listing& listing) -> absl::StatusOr<v1::ListHeldDeliveriesResponse> {
    ASSIGN_OR_RETURN(const mysql::Page<events::HeldDelivery> page,
                     events::ListHeld(database_, call.deadline(), listing.page));
    v1::ListHeldDeliveriesResponse response;
    for (const events::HeldDelivery& held : page.items) *response.add_held_deliveries() = ToProto(held);
    response.set_next_page_token(rpc::NextPageToken(call, listing, page.next));
    return response;
  };
  return endpoint_.Read(DeliveryMethod("ListHeldDeliveries"), context, *request, reply, ParseListHeldDeliveries, list);
}

grpc::Status DeliveryService::RetryDelivery(grpc::ServerContext* context, const v1::RetryDeliveryRequest* request,
                                            v1::RetryDeliveryResponse* reply) {
  const auto retry = [this](const rpc::Call& call,
                            const DeliveryCommand& command) -> absl::StatusOr<v1::RetryDeliveryResponse> {
    ASSIGN_OR_RETURN(const Found found, FindDelivery(database_, call, command));
    v1::RetryDeliveryResponse response;
    RETURN_IF_ERROR(
        CommitDelivery(committer_, call, command, found, events::Retried(found.waiting), "DELIVERY_RETRIED", response));
    relay_.LookNow();
    return response;
  };
  return endpoint_.Mutate(DeliveryMethod("RetryDelivery"), context, *request, reply, ParseRetry, retry);
}

grpc::Status DeliveryService::AbandonDelivery(grpc::ServerContext* context, const v1::AbandonDeliveryRequest* request,
                                              v1::AbandonDeliveryResponse* reply) {
  const auto abandon = [this](const rpc::Call& call,
                              const DeliveryCommand& command) -> absl::StatusOr<v1::AbandonDeliveryResponse> {
    ASSIGN_OR_RETURN(const Found found, FindDelivery(database_, call, command));
    const int64_t version = found.waiting.held.version;
    if (version != command.version) {
      return Error(absl::StatusCode::kAborted, "DELIVERY_CHANGED", "Another version of the aggregate waits.",
                   {{"version", absl::StrCat(version)}});
    }
    if (const std::string& type = found.waiting.event_type; relay_.MustArrive(command.consumer, type)) {
      return FailedPrecondition("DELIVERY_MUST_ARRIVE",
                                "This event may not be given up: repair what refuses it, and retry the delivery.",
                                {{"consumer", command.consumer}, {"type", type}});
    }
    v1::AbandonDeliveryResponse response;
    RETURN_IF_ERROR(CommitDelivery(committer_, call, command, found, events::Abandoned(found.waiting),
                                   "DELIVERY_ABANDONED", response));
    relay_.LookNow();
    return response;
  };
  return endpoint_.Mutate(DeliveryMethod("AbandonDelivery"), context, *request, reply, ParseAbandon, abandon);
}

grpc::Status DeliveryService::RedeliverEvents(grpc::ServerContext* context, const v1::RedeliverEventsRequest* request,
                                              v1::RedeliverEventsResponse* reply) {
  const auto redeliver = [this](const rpc::Call& call,
                                const Redelivery& redelivery) -> absl::StatusOr<v1::RedeliverEventsResponse> {
    if (!relay_.Knows(redelivery.consumer)) {
      return NotFound("CONSUMER_NOT_FOUND", "The log has no consumer of this name.",
                      {{"consumer", redelivery.consumer}});
    }
    RETURN_IF_ERROR(RecordWish(database_, committer_, call, redelivery));
    RETURN_IF_ERROR(relay_.Redeliver(call.deadline(), redelivery.consumer, redelivery.since));
    v1::RedeliverEventsResponse response;
    const events::Event done = RedeliveryEventOf(call, redelivery, 2, "EVENTS_REDELIVERED");
    RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.events = {done}, .reply = response})));
    return response;
  };
  return endpoint_.Mutate(DeliveryMethod("RedeliverEvents"), context, *request, reply, ParseRedelivery, redeliver);
}

}  // namespace countersign::event_api
