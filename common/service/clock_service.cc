#include "common/service/clock_service.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/event_api/delivery_service.h"
#include "common/events/change.h"
#include "common/events/event_log.h"
#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "countersign/clock/v1/clock.pb.h"

namespace countersign::service {
namespace {

namespace clock_v1 = clock::v1;

constexpr absl::Duration kFarthest = absl::Hours(24 * 3660);

// A service has one clock: it is nothing but its events.
Uuid ClockId() { return Uuid::Derived({"countersign.clock.v1", "clock"}); }

struct LastMove {
  int64_t version = 0;  // 0: the clock was never moved.
  clock_v1::ClockEvent event;
};

absl::StatusOr<LastMove> FindLastMove(mysql::Database& database, absl::Time deadline) {
  LastMove last;
  RETURN_IF_ERROR(database.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<events::Event> found,
                     events::ReadLast(reader, event_api::LogTenant(), ClockId()));
    if (!found.has_value()) return absl::OkStatus();
    last.version = found->version;
    if (!last.event.ParseFromString(found->payload)) return absl::DataLossError("A clock's event is unreadable.");
    return absl::OkStatus();
  }));
  return last;
}

absl::Duration OffsetOf(const clock_v1::ClockEvent& event) {
  return absl::Seconds(event.offset().seconds()) + absl::Nanoseconds(event.offset().nanos());
}

clock_v1::ClockEvent MoveTo(absl::Time to) {
  clock_v1::ClockEvent event;
  *event.mutable_time() = rpc::ToProto(to);
  absl::Duration rest = absl::Trunc(to - absl::Now(), absl::Microseconds(1));
  event.mutable_offset()->set_seconds(absl::IDivDuration(rest, absl::Seconds(1), &rest));
  event.mutable_offset()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  return event;
}

absl::Time NextMidnight(absl::Time now) {
  return absl::FromCivil(absl::ToCivilDay(now, absl::UTCTimeZone()) + 1, absl::UTCTimeZone());
}

}  // namespace

absl::Status RestoreClock(mysql::Database& database, absl::Time deadline, SandboxClock& clock) {
  ASSIGN_OR_RETURN(const LastMove last, FindLastMove(database, deadline));
  if (last.version > 0) clock.RaiseOffset(OffsetOf(last.event));
  return absl::OkStatus();
}

grpc::Status ClockService::GetTime(grpc::ServerContext* context, const clock_v1::GetTimeRequest* request,
                                   clock_v1::GetTimeResponse* reply) {
  const auto parse = [](const rpc::Call&, const clock_v1::GetTimeRequest& asked) {
    return absl::StatusOr<clock_v1::GetTimeRequest>(asked);
  };
  const auto get = [](const rpc::Call& call, const clock_v1::GetTimeRequest&) {
    clock_v1::GetTimeResponse response;
    *response.mutable_time() = rpc::ToProto(call.now());
    return absl::StatusOr<clock_v1::GetTimeResponse>(response);
  };
  return endpoint_.Read({clock_v1::ClockService::service_full_name(), "GetTime"}, context, *request, reply, parse, get);
}

grpc::Status ClockService::AdvanceTime(grpc::ServerContext* context, const clock_v1::AdvanceTimeRequest* request,
                                       clock_v1::AdvanceTimeResponse* reply) {
  return endpoint_.Mutate({clock_v1::ClockService::service_full_name(), "AdvanceTime"}, context, *request, reply, Parse,
                          std::bind_front(&ClockService::AdvanceTo, this));
}

absl::StatusOr<ClockService::Advance> ClockService::Parse(const rpc::Call& call,
                                                          const clock_v1::AdvanceTimeRequest& request) {
  FieldViolations violations;
  Advance advance{.tenant = event_api::LogTenant(),
                  .to = rpc::RequireTime(violations, "time", request.has_time(), request.time())};
  if (advance.to > call.now() + kFarthest) violations.Add("time", "must be at most ten years ahead");
  RETURN_IF_ERROR(violations.ToStatus());
  return advance;
}

absl::StatusOr<clock_v1::AdvanceTimeResponse> ClockService::AdvanceTo(const rpc::Call& call, const Advance& advance) {
  RETURN_IF_ERROR(CheckAhead(call, advance.to));
  RETURN_IF_ERROR(relay_.DoWhatIsDue(call.deadline()));
  while (clock_.Now() < advance.to) {
    RETURN_IF_ERROR(call.CheckTimeLeft());
    RETURN_IF_ERROR(Step(call, std::min(advance.to, NextMidnight(clock_.Now()))));
    RETURN_IF_ERROR(relay_.DoWhatIsDue(call.deadline()));
  }
  clock_v1::AdvanceTimeResponse response;
  *response.mutable_time() = rpc::ToProto(advance.to);
  ASSIGN_OR_RETURN(const LastMove last, FindLastMove(database_, call.deadline()));
  events::Event done = call.MakeEvent({.aggregate = ClockId(),
                                       .version = last.version + 1,
                                       .type = "CLOCK_ADVANCED",
                                       .payload = MoveTo(clock_.Now()),
                                       .resource = response});
  done.create_time = clock_.Now();  // Not when the call came: the steps were later.
  events::Change change = call.ChangeOf({.events = {done}, .reply = response});
  // Otherwise a reply to an advance by more than a month is old at once, and is thrown away.
  if (change.reply.has_value()) change.reply->create_time = done.create_time;
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), change));
  return response;
}

// An advance that stopped on its way, also in its last step, goes on when it is asked for again.
absl::Status ClockService::CheckAhead(const rpc::Call& call, absl::Time to) const {
  const absl::Time now = clock_.Now();
  if (to > now) return absl::OkStatus();
  ASSIGN_OR_RETURN(const LastMove last, FindLastMove(database_, call.deadline()));
  if (last.version > 0) {
    ASSIGN_OR_RETURN(const absl::Time moved_to, rpc::FromProto(last.event.time()));
    if (moved_to == to) return absl::OkStatus();
  }
  return FailedPrecondition("CLOCK_NEVER_GOES_BACK",
                            "The clock is past this time, and never goes back. Name a later time.",
                            {{"time", absl::FormatTime(absl::RFC3339_full, now, absl::UTCTimeZone())}});
}

absl::Status ClockService::Step(const rpc::Call& call, absl::Time to) {
  ASSIGN_OR_RETURN(const LastMove last, FindLastMove(database_, call.deadline()));
  const clock_v1::ClockEvent move = MoveTo(to);
  const events::Event event =
      rpc::WorkerEvent({.service = endpoint_.options().service, .now = to, .on_behalf_of = call.caller().name},
                       {.tenant = event_api::LogTenant(),
                        .aggregate = ClockId(),
                        .version = last.version + 1,
                        .type = "CLOCK_MOVED",
                        .payload = move,
                        .resource = move});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), {.events = {event}, .reply = std::nullopt}));
  clock_.RaiseOffset(OffsetOf(move));
  return absl::OkStatus();
}

}  // namespace countersign::service
