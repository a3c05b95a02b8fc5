#include "common/rpc/endpoint.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/trace.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/mysql/errors.h"
#include "common/rpc/status.h"
#include "google/protobuf/descriptor.h"

namespace countersign::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMaxOnBehalfOfBytes = 200;

// The value of a metadata key that came exactly once, else empty.
std::string MetadataOf(const grpc::ServerContextBase& context, const char* key) {
  const auto [begin, end] = context.client_metadata().equal_range(key);
  if (begin == end || std::next(begin) != end) return "";
  return std::string(begin->second.data(), begin->second.size());
}

// Of a caller who takes part in a trace (traceparent), or who names one in our own way; else a new one.
std::string TraceIdOfCaller(const grpc::ServerContextBase& context) {
  std::string given = TraceIdOf(MetadataOf(context, kTraceparent));
  if (given.empty()) given = MetadataOf(context, kTraceIdMetadata);
  return IsTraceId(given) ? given : NewTraceId();
}

absl::Time DeadlineOf(const grpc::ServerContextBase& context) {
  const absl::Time now = absl::Now();
  const auto given = context.deadline();
  if (given == std::chrono::system_clock::time_point::max()) return now + kDefaultDeadline;
  return std::min(absl::FromChrono(given), now + kMaxDeadline);
}

// The request's string field request_id and bool field validate_only; null where it has none.
const FieldDescriptor* RequestIdField(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated() ? field
                                                                                                           : nullptr;
}

bool IsValidateOnly(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field->is_repeated() &&
         request.GetReflection()->GetBool(request, field);
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

// Runs `act`, again when it lost a race. `answered` looks for the reply of another try of the same request, whose
// success makes a refusal of this one meaningless.
absl::Status Attempt(const Call& call, absl::FunctionRef<absl::Status(const Call&)> act,
                     absl::FunctionRef<absl::StatusOr<bool>()> answered) {
  return events::RunUntilNotLost(call.deadline(), [&]() -> absl::Status {
    if (absl::Now() >= call.deadline()) return DeadlineExceeded();
    const absl::Status status = act(call);
    if (!MayBeOwnEcho(status)) return status;
    ASSIGN_OR_RETURN(const bool is_answered, answered());
    return is_answered ? absl::OkStatus() : status;
  });
}

absl::StatusOr<bool> NeverAnswered() { return false; }

LogFields LogFieldsOf(const Call& call, const absl::Status& status, const absl::Status& shown,
                      absl::Duration duration) {
  LogFields fields = {{"method", call.method()},
                      {"caller", call.caller().actor()},
                      {"code", absl::StatusCodeToString(status.code())},
                      {"duration_ms", absl::StrFormat("%.3f", absl::ToDoubleMilliseconds(duration))},
                      {"trace_id", call.trace_id()},
                      {"peer", call.peer()}};
  if (status.ok()) return fields;
  fields.emplace_back("reason", DetailsOf(shown).reason);
  // What the caller is not shown must be found here.
  if (status.message() != shown.message()) fields.emplace_back("error", std::string(status.message()));
  const std::string server_message = mysql::ServerMessageOf(status);
  if (!server_message.empty()) fields.emplace_back("database_error", server_message);
  return fields;
}

}  // namespace

Endpoint::Endpoint(EndpointOptions options)
    : options_(std::move(options)),
      keys_(options_.verify_key ? std::make_unique<KeyCache>(options_.verify_key, options_.key_cache) : nullptr) {}

absl::Status Endpoint::Admit(const grpc::ServerContextBase& context, const Message& request, Call& call,
                             absl::Time key_deadline) const {
  CallParts& parts = call.parts_;
  parts.deadline = DeadlineOf(context);
  ASSIGN_OR_RETURN(parts.caller,
                   IdentifyCaller(context, keys_.get(), std::min(parts.deadline, key_deadline), options_.real_now()));
  RETURN_IF_ERROR(options_.access->Admit(parts.method, parts.caller));
  // A partner acts for itself, whatever it says.
  if (parts.caller.role != Role::kPartner) parts.on_behalf_of = MetadataOf(context, kOnBehalfOfMetadata);
  // Its column is ASCII, and gRPC does not see to it that a peer's metadata is.
  if (parts.on_behalf_of.size() > kMaxOnBehalfOfBytes ||
      !std::all_of(parts.on_behalf_of.begin(), parts.on_behalf_of.end(), absl::ascii_isprint)) {
    return Error(
        absl::StatusCode::kInvalidArgument, "ON_BEHALF_OF_MALFORMED",
        absl::StrCat("The metadata ", kOnBehalfOfMetadata, " may have 200 printable ASCII characters at most."));
  }
  if (request.ByteSizeLong() > static_cast<size_t>(kMaxRequestBytes)) {
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_TOO_LARGE", "A request may have 1 MiB at most.",
                 {{"bytes", absl::StrCat(request.ByteSizeLong())}, {"maxBytes", absl::StrCat(kMaxRequestBytes)}});
  }
  parts.validate_only = IsValidateOnly(request);
  return absl::OkStatus();
}

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

grpc::Status Endpoint::Run(const MethodSpec& method, grpc::ServerContext& context, const Message& request,
                           absl::FunctionRef<absl::Status(Call&)> story) const {
  const absl::Time start = absl::Now();
  Call call = MakeCall(method, context);
  absl::Status status;
  try {
    status = Admit(context, request, call);
    if (status.ok()) status = story(call);
  } catch (const std::exception& error) {  // Of the standard library or a bug: never of our own making.
    status = absl::InternalError(absl::StrCat("exception: ", error.what()));
  } catch (...) {
    status = absl::InternalError("exception of an unknown type");
  }
  return Finish(call, status, absl::Now() - start);
}

Call Endpoint::MakeCall(const MethodSpec& method, grpc::ServerContextBase& context) const {
  Call call({.service = options_.service,
             .method = method.FullName(),
             .trace_id = TraceIdOfCaller(context),
             .peer = context.peer(),
             .now = options_.clock->Now(),
             .reply_keys = options_.reply_keys});
  context.AddTrailingMetadata(kTraceIdMetadata, call.trace_id());
  return call;
}

grpc::Status Endpoint::Finish(const Call& call, const absl::Status& status, absl::Duration duration) const {
  const absl::Status shown = PublicStatus(status);
  const LogFields fields = LogFieldsOf(call, status, shown, duration);
  if (call.caller().name.empty()) {
    LogOfStranger(Level::kInfo, "call", fields);
  } else {
    Log(absl::IsInternal(shown) ? Level::kError : Level::kInfo, "call", fields);
  }
  if (options_.observer) options_.observer({call.method(), shown.code(), DetailsOf(shown).reason, duration});
  return ToGrpc(status, call.trace_id());
}

grpc::Status Endpoint::AdmitStream(const MethodSpec& method, grpc::CallbackServerContext& context,
                                   const Message& request, std::optional<Call>& call) const {
  const absl::Time start = absl::Now();
  Call admitted = MakeCall(method, context);
  absl::Status status;
  try {
    status = Admit(context, request, admitted, start + kStreamKeyTimeout);
  } catch (const std::exception& error) {
    status = absl::InternalError(absl::StrCat("exception: ", error.what()));
  }
  if (!status.ok()) return Finish(admitted, status, absl::Now() - start);
  admitted.parts_.deadline = absl::InfiniteFuture();
  call.emplace(std::move(admitted));
  return grpc::Status::OK;
}

absl::Status Endpoint::RecheckStream(const MethodSpec& method, const grpc::CallbackServerContext& context) const {
  try {
    ASSIGN_OR_RETURN(const Caller caller,
                     IdentifyCaller(context, keys_.get(), absl::Now() + kStreamKeyTimeout, options_.real_now()));
    return options_.access->CheckAllowed(method.FullName(), caller);
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("exception: ", error.what()));
  }
}

bool Endpoint::MayBlock(const grpc::CallbackServerContext& context) {
  return context.client_metadata().count(kAuthorizationMetadata) > 0;
}

grpc::Status Endpoint::EndStream(const Call& call, const absl::Status& status) const {
  return Finish(call, status, options_.clock->Now() - call.now());
}

grpc::Status Endpoint::RunRead(const MethodSpec& method, grpc::ServerContext& context, const Message& request,
                               Step parse, Step act) const {
  return Run(method, context, request, [&](Call& call) -> absl::Status {
    RETURN_IF_ERROR(parse(call));
    return Attempt(call, act, NeverAnswered);
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
    if (call.validate_only()) return Attempt(call, act, NeverAnswered);

    const std::string request_bytes = RequestBytes(request);
    parts.request_hash = call.keys().CurrentHmac(HashedText(call.request_key(), request_bytes));
    ASSIGN_OR_RETURN(bool replayed, Replay(call, request_bytes, reply));
    if (!replayed) {
      RETURN_IF_ERROR(Attempt(call, act, [&]() -> absl::StatusOr<bool> {
        ASSIGN_OR_RETURN(replayed, Replay(call, request_bytes, reply));
        return replayed;
      }));
    }
    return replayed ? restore(call) : absl::OkStatus();
  });
}

}  // namespace countersign::rpc
