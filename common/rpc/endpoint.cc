#include "common/rpc/endpoint.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/span.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "common/base/trace.h"
#include "common/mysql/errors.h"
#include "common/mysql/session_share.h"
#include "common/rpc/call_slots.h"
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

// Of a caller who takes part in a trace (`traceparent`), or who names one in our own way; else a new one.
std::string TraceIdOfCaller(const grpc::ServerContextBase& context, absl::string_view traceparent) {
  std::string given = TraceIdOf(traceparent);
  if (given.empty()) given = MetadataOf(context, kTraceIdMetadata);
  return IsTraceId(given) ? given : NewTraceId();
}

Span SpanOf(const Call& call, const absl::Status& shown, absl::Duration duration) {
  return {.trace_id = call.trace_id(),
          .span_id = call.span_id(),
          .parent_id = call.parent_span_id(),
          .kind = Span::Kind::kServer,
          .name = call.method(),
          .start = absl::Now() - duration,
          .duration = duration,
          .code = shown.code(),
          .reason = shown.ok() ? "" : DetailsOf(shown).reason};
}

absl::Time DeadlineOf(const grpc::ServerContextBase& context) {
  const absl::Time now = absl::Now();
  const auto given = context.deadline();
  if (given == std::chrono::system_clock::time_point::max()) return now + kDefaultDeadline;
  return std::min(absl::FromChrono(given), now + kMaxDeadline);
}

// The request's bool field validate_only.
bool IsValidateOnly(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field->is_repeated() &&
         request.GetReflection()->GetBool(request, field);
}

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
  // The log must have the text that the caller is not shown.
  if (status.message() != shown.message()) fields.emplace_back("error", std::string(status.message()));
  const std::string server_message = mysql::ServerMessageOf(status);
  if (!server_message.empty()) fields.emplace_back("database_error", server_message);
  return fields;
}

// Before anything is read of the database: too much is refused while it still costs nothing.
absl::Status Work(Call& call, absl::FunctionRef<absl::Status(Call&)> story) {
  ASSIGN_OR_RETURN(const CallSlots::Slot slot, CallSlots::OfProcess().TakeForCall(call.caller(), call.deadline()));
  std::optional<mysql::LimitedSessions> limited;
  if (call.caller().role == Role::kPartner) limited.emplace();
  return story(call);
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
  if (parts.on_behalf_of.size() > kMaxOnBehalfOfBytes || !IsPrintableAscii(parts.on_behalf_of)) {
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

grpc::Status Endpoint::Run(const MethodSpec& method, grpc::ServerContext& context, const Message& request,
                           absl::FunctionRef<absl::Status(Call&)> story) const {
  const absl::Time start = absl::Now();
  Call call = MakeCall(method, context);
  absl::Status status;
  try {
    status = Admit(context, request, call);
    if (status.ok()) status = Work(call, story);
  } catch (const std::exception& error) {  // Of the standard library or a bug: never of our own making.
    status = absl::InternalError(absl::StrCat("exception: ", error.what()));
  } catch (...) {
    status = absl::InternalError("exception of an unknown type");
  }
  return Finish(call, status, absl::Now() - start);
}

Call Endpoint::MakeCall(const MethodSpec& method, grpc::ServerContextBase& context) const {
  const std::string traceparent = MetadataOf(context, kTraceparent);
  Call call({.service = options_.service,
             .method = method.FullName(),
             .trace_id = TraceIdOfCaller(context, traceparent),
             .parent_span_id = ParentIdOf(traceparent),
             .span_id = NewSpanId(),
             .peer = context.peer(),
             .now = options_.clock->Now(),
             .reply_keys = options_.reply_keys});
  context.AddTrailingMetadata(kTraceIdMetadata, call.trace_id());
  return call;
}

grpc::Status Endpoint::Finish(const Call& call, const absl::Status& status, absl::Duration duration) const {
  const absl::Status shown = PublicStatus(status);
  const LogFields fields = LogFieldsOf(call, status, shown, duration);
  // Of a caller that calls too often, records would be a load of their own.
  if (call.caller().name.empty() || absl::IsResourceExhausted(shown)) {
    LogSparingly(Level::kInfo, "call", fields);
  } else {
    Log(absl::IsInternal(shown) ? Level::kError : Level::kInfo, "call", fields);
  }
  if (options_.observer) options_.observer({call.method(), shown.code(), DetailsOf(shown).reason, duration});
  if (SpanSink* const spans = SpanSink::OfProcess()) spans->Record(SpanOf(call, shown, duration));
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

}  // namespace countersign::rpc
