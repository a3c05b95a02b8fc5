// What an admitted call does: parse, look for the stored reply, act.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
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

// What is hashed with a key of ours: a plain hash would let who reads the table guess a bank account's number. Bound to
// its row, so that equal requests do not show either.
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

// Runs `act`, again when it lost a race. `answered` looks for the reply of another try of the same request, where what
// came of this one `leaves_open` whether there is one.
absl::Status Attempt(const Call& call, absl::FunctionRef<absl::Status(const Call&)> act,
                     absl::FunctionRef<bool(const absl::Status&)> leaves_open,
                     absl::FunctionRef<absl::StatusOr<bool>()> answered) {
  return events::RunUntilNotLost(call.deadline(), [&]() -> absl::Status {
    if (absl::Now() >= call.deadline()) return DeadlineExceeded();
    const absl::Status status = act(call);
    if (!leaves_open(status)) return status;
    ASSIGN_OR_RETURN(const bool is_answered, answered());
    return is_answered ? absl::OkStatus() : status;
  });
}

absl::Status AttemptUnanswered(const Call& call, absl::FunctionRef<absl::Status(const Call&)> act) {
  return Attempt(
      call, act, [](const absl::Status&) { return false; }, []() -> absl::StatusOr<bool> { return false; });
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
    const auto answered = [&]() -> absl::StatusOr<bool> {
      ASSIGN_OR_RETURN(replayed, Replay(call, request_bytes, reply));
      return replayed;
    };
    if (method.reply_lookup == ReplyLookup::kFirst) RETURN_IF_ERROR(answered().status());
    if (!replayed) {
      const auto act_anew = [&](const Call& same) {
        same.made_change_ = false;
        return act(same);
      };
      const auto leaves_open = [&](const absl::Status& status) {
        return LeavesOpen(status, method.reply_lookup, call.made_change_);
      };
      RETURN_IF_ERROR(Attempt(call, act_anew, leaves_open, answered));
    }
    return replayed ? restore(call) : absl::OkStatus();
  });
}

}  // namespace countersign::rpc
