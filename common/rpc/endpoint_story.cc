// The story of an admitted call: parse, look for the stored reply, act.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "google/protobuf/descriptor.h"

namespace countersign::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The request's string field request_id; null where it has none.
const FieldDescriptor* RequestIdField(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated() ? field
                                                                                                           : nullptr;
}

// All of the request but its request_id.
std::string RequestBytes(const Message& request) {
  const std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  if (const FieldDescriptor* field = RequestIdField(request); field != nullptr) {
    copy->GetReflection()->ClearField(copy.get(), field);
  }
  return DeterministicBytes(*copy);
}

// The text that is hashed with our key: from a plain hash, a reader of the table could guess a bank account's number.
// Bound to its row, so that equal requests do not show either.
std::string HashedText(const events::RequestKey& key, absl::string_view request_bytes) {
  return absl::StrCat("request_hash\n", ReplyContext(key), "\n", request_bytes);
}

// `stored_hash` may have been made under any key of the ring, or by a release that stored the plain SHA-256.
bool IsSameRequest(const KeyRing& keys, absl::string_view stored_hash, const events::RequestKey& key,
                   absl::string_view request_bytes) {
  return keys.AnyHmacIs(stored_hash, HashedText(key, request_bytes)) ||
         ConstantTimeEquals(stored_hash, Sha256(request_bytes));
}

// The violations of parse and a bad request_id together, so that the caller learns all at once. An error of parse that
// is not about fields (another partner's name) stands alone.
absl::Status WithRequestIdViolation(const absl::Status& parsed, const std::string& request_id) {
  if (Uuid::Parse(request_id).ok()) return parsed;
  FieldViolations all;
  all.Add("request_id", "must be a lower-case UUID");
  if (!parsed.ok()) {
    const ErrorDetails details = DetailsOf(parsed);
    if (details.violations.empty()) return parsed;
    for (const FieldViolation& violation : details.violations) all.Add(violation.field, violation.description);
  }
  return all.ToStatus();
}

absl::Status DeadlineExceeded() {
  return Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
               "The call took longer than its deadline. It is safe to try again with the same request_id.");
}

// May the refusal be the echo of another try of the same request, which committed meanwhile?
bool MayBeOwnEcho(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
      return true;
    default:
      return false;
  }
}

// Does what came of an act leave open whether another try of the same request was answered, whose reply then counts?
bool LeavesOpen(const absl::Status& status, ReplyLookup lookup, bool made_change) {
  if (lookup == ReplyLookup::kFirst) return MayBeOwnEcho(status);
  return !status.ok() || !made_change;
}

// Runs `act`, again when it lost a race. `answered` is told what came of it, where that `leaves_open` whether another
// try of the same request was answered, and looks for its reply.
absl::Status Attempt(const Call& call, absl::FunctionRef<absl::Status(const Call&)> act,
                     absl::FunctionRef<bool(const absl::Status&)> leaves_open,
                     absl::FunctionRef<absl::StatusOr<bool>(const absl::Status&)> answered) {
  return events::RunUntilNotLost(call.deadline(), [&]() -> absl::Status {
    if (absl::Now() >= call.deadline()) return DeadlineExceeded();
    const absl::Status status = act(call);
    if (!leaves_open(status)) return status;
    ASSIGN_OR_RETURN(const bool is_answered, answered(status));
    return is_answered ? absl::OkStatus() : status;
  });
}

absl::Status AttemptUnanswered(const Call& call, absl::FunctionRef<absl::Status(const Call&)> act) {
  return Attempt(
      call, act, [](const absl::Status&) { return false; },
      [](const absl::Status&) -> absl::StatusOr<bool> { return false; });
}

// Did this request of this caller, with whichever key, make the event?
bool IsByRequest(const Call& call, const events::EventOrigin& origin) {
  const std::string& caller = call.caller().name;
  return origin.request_id == call.request_id() &&
         (origin.actor == caller || absl::StartsWith(origin.actor, absl::StrCat(caller, "/")));
}

absl::Status DoneLongAgo(const std::string& request_id, absl::Time when) {
  const std::string time = absl::FormatTime(absl::RFC3339_sec, when, absl::UTCTimeZone());
  return AlreadyExists("REQUEST_DONE_LONG_AGO",
                       absl::StrCat("This request succeeded at ", time, ", and its reply is no longer kept. Read what ",
                                    "it made; take a new request_id for a new request."),
                       {{"requestId", request_id}, {"time", time}});
}

}  // namespace

absl::StatusOr<bool> Endpoint::Replay(const Call& call, absl::string_view request_bytes, Message& reply) const {
  const events::RequestKey key = call.request_key();
  ASSIGN_OR_RETURN(const auto stored, events::FindReply(*options_.database, call.deadline(), key));
  if (!stored.has_value()) return false;
  if (!IsSameRequest(call.keys(), stored->key.request_hash, key, request_bytes)) {
    constexpr char kWhy[] = "This request_id was used for another request. Take a new one for each new request.";
    return WithDetails(absl::InvalidArgumentError(kWhy), {.reason = "REQUEST_ID_REUSED",
                                                          .metadata = {{"requestId", key.request_id}},
                                                          .violations = {{"request_id", kWhy}}});
  }
  std::string bytes = stored->reply;
  if (stored->sealed) {
    const absl::Status gone =
        FailedPrecondition("SECRET_NO_LONGER_SHOWN",
                           "This request succeeded, but the secret in its reply is no longer shown. Issue a new one.",
                           {{"requestId", key.request_id}});
    if (call.now() - stored->create_time > kSecretShownFor) return gone;
    absl::StatusOr<std::string> opened = call.keys().Open(bytes, ReplyContext(key));
    if (absl::IsNotFound(opened.status())) return gone;
    if (!opened.ok()) return absl::InternalError(absl::StrCat("stored reply: ", opened.status().message()));
    bytes = *std::move(opened);
  }
  if (!reply.ParseFromString(bytes)) return absl::InternalError("a stored reply does not parse");
  return true;
}

grpc::Status Endpoint::RunRead(const MethodSpec& method, grpc::ServerContext& context, const Message& request,
                               Step parse, Step act) const {
  return Run(method, context, request, [&](Call& call) -> absl::Status {
    RETURN_IF_ERROR(parse(call));
    return AttemptUnanswered(call, act);
  });
}

grpc::Status Endpoint::RunMutate(const MethodSpec& method, grpc::ServerContext& context, const Message& request,
                                 Message& reply, ParseStep parse, Step act, Step restore) const {
  return Run(method, context, request, [&](Call& call) -> absl::Status {
    CallParts& parts = call.parts_;
    const FieldDescriptor* id_field = RequestIdField(request);
    if (id_field == nullptr) return absl::InternalError("a mutation's request has no request_id");
    parts.request_id = request.GetReflection()->GetString(request, id_field);
    const absl::StatusOr<Uuid> tenant = parse(call);
    RETURN_IF_ERROR(WithRequestIdViolation(tenant.status(), parts.request_id));
    parts.tenant = *tenant;
    if (call.validate_only()) return AttemptUnanswered(call, act);

    const std::string request_bytes = RequestBytes(request);
    parts.request_hash = call.keys().CurrentHmac(HashedText(call.request_key(), request_bytes));
    bool replayed = false;
    const auto answered = [&](const absl::Status& status) -> absl::StatusOr<bool> {
      // Before the reply is looked for: of a try that commits in between, both are found.
      std::optional<events::EventOrigin> winner;
      if (IsLostRace(status) && call.made_.has_value()) {
        ASSIGN_OR_RETURN(winner, events::FindOrigin(*options_.database, call.deadline(), *call.made_));
      }
      ASSIGN_OR_RETURN(replayed, Replay(call, request_bytes, reply));
      if (!replayed && winner.has_value() && IsByRequest(call, *winner)) {
        return DoneLongAgo(call.request_id(), winner->create_time);
      }
      return replayed;
    };
    if (method.reply_lookup == ReplyLookup::kFirst) {
      ASSIGN_OR_RETURN(replayed, Replay(call, request_bytes, reply));
    }
    if (!replayed) {
      const auto act_anew = [&](const Call& same) {
        same.made_.reset();
        return act(same);
      };
      const auto leaves_open = [&](const absl::Status& status) {
        return LeavesOpen(status, method.reply_lookup, call.made_.has_value());
      };
      RETURN_IF_ERROR(Attempt(call, act_anew, leaves_open, answered));
    }
    return replayed ? restore(call) : absl::OkStatus();
  });
}

}  // namespace countersign::rpc
