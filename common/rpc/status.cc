#include "common/rpc/status.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace countersign::rpc {
namespace {

// gRPC allows 8 KiB of trailing metadata in all, base64 and percent encoding included, and a peer that gets more sees
// RESOURCE_EXHAUSTED instead of our error. These bounds stay below it together.
constexpr size_t kMaxMessageBytes = 400;
constexpr size_t kMaxMetadataBytes = 1000;
constexpr size_t kMaxViolationBytes = 2500;

constexpr char kTraceId[] = "traceId";
constexpr absl::Duration kRetryDelay = absl::Seconds(1);

// At most `max` bytes of valid UTF-8; never cuts a character in two.
std::string Cut(absl::string_view text, size_t max) {
  if (text.size() <= max) return std::string(text);
  size_t end = max - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "...");
}

const char* FixedMessage(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return "A part that this call needs cannot be reached now. It is safe to try again.";
    case absl::StatusCode::kDeadlineExceeded:
      return "The call took longer than its deadline. It is safe to try again with the same request_id.";
    case absl::StatusCode::kResourceExhausted:
      return "The server is busy. Try again later.";
    case absl::StatusCode::kAborted:
      return "The resource changed meanwhile. Read it again and retry.";
    case absl::StatusCode::kInternal:
      return "Internal error. The trace id finds its cause in the server's log.";
    default:
      return "The call failed.";
  }
}

absl::StatusCode PublicCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return absl::StatusCode::kInternal;
    // A client that cancels its call hears no answer. To all others it is we who ended it.
    case absl::StatusCode::kCancelled:
      return absl::StatusCode::kUnavailable;
    default:
      return code;
  }
}

absl::Duration RetryDelayOf(const ErrorDetails& details) {
  for (const auto& [key, value] : details.metadata) {
    int64_t ms = 0;
    if (key == kRetryDelayMetadata && absl::SimpleAtoi(value, &ms) && ms > 0) return absl::Milliseconds(ms);
  }
  return kRetryDelay;
}

google::rpc::ErrorInfo ToErrorInfo(const ErrorDetails& details, absl::string_view trace_id) {
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain(std::string(kErrorDomain));
  size_t left = kMaxMetadataBytes;
  for (const auto& [key, value] : details.metadata) {
    if (left < key.size() + 8) break;
    const std::string cut = Cut(value, left - key.size());
    left -= key.size() + cut.size();
    (*info.mutable_metadata())[key] = cut;
  }
  (*info.mutable_metadata())[kTraceId] = std::string(trace_id);
  return info;
}

google::rpc::BadRequest ToBadRequest(const ErrorDetails& details) {
  google::rpc::BadRequest bad;
  size_t left = kMaxViolationBytes;
  for (size_t i = 0; i < details.violations.size(); ++i) {
    const std::string field = Cut(details.violations[i].field, 200);
    const std::string description = Cut(details.violations[i].description, 300);
    google::rpc::BadRequest::FieldViolation& violation = *bad.add_field_violations();
    if (field.size() + description.size() > left) {
      violation.set_field(field);
      violation.set_description(absl::StrCat("and ", details.violations.size() - i - 1, " more after this one"));
      break;
    }
    left -= field.size() + description.size();
    violation.set_field(field);
    violation.set_description(description);
  }
  return bad;
}

void AddDetailsOfCode(const absl::Status& status, const ErrorDetails& details, google::rpc::Status& wire) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      wire.add_details()->PackFrom(ToBadRequest(details));
      break;
    case absl::StatusCode::kFailedPrecondition: {
      google::rpc::PreconditionFailure failure;
      google::rpc::PreconditionFailure::Violation& violation = *failure.add_violations();
      violation.set_type(details.reason);
      violation.set_subject(details.metadata.empty() ? "" : Cut(details.metadata.front().second, 200));
      violation.set_description(wire.message());
      wire.add_details()->PackFrom(failure);
      break;
    }
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted: {
      google::rpc::RetryInfo retry;
      const absl::Duration delay = RetryDelayOf(details);
      const int64_t seconds = absl::ToInt64Seconds(delay);
      retry.mutable_retry_delay()->set_seconds(seconds);
      retry.mutable_retry_delay()->set_nanos(
          static_cast<int32_t>(absl::ToInt64Nanoseconds(delay - absl::Seconds(seconds))));
      wire.add_details()->PackFrom(retry);
      break;
    }
    default:
      break;
  }
}

}  // namespace

absl::Status PublicStatus(const absl::Status& status) {
  if (status.ok()) return status;
  const absl::StatusCode code = PublicCode(status.code());
  const ErrorDetails details = DetailsOf(status);
  if (details.reason.empty() || code == absl::StatusCode::kInternal) {
    return Error(code, absl::StatusCodeToString(code), FixedMessage(code));
  }
  return WithDetails(absl::Status(code, status.message()), details);
}

grpc::Status ToGrpc(const absl::Status& status, absl::string_view trace_id) {
  if (status.ok()) return grpc::Status::OK;
  const absl::Status shown = PublicStatus(status);
  const ErrorDetails details = DetailsOf(shown);
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(shown.code()));
  wire.set_message(Cut(shown.message(), kMaxMessageBytes));
  if (shown.code() == absl::StatusCode::kInternal) {
    wire.set_message(absl::StrCat(wire.message(), " Trace id: ", trace_id));
  }
  wire.add_details()->PackFrom(ToErrorInfo(details, trace_id));
  AddDetailsOfCode(shown, details, wire);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()), wire.message(), wire.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status wire;
  if (status.error_details().empty() || !wire.ParseFromString(status.error_details())) return result;
  ErrorDetails details;
  for (const google::protobuf::Any& any : wire.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) {
      details.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) {
        if (key != kTraceId) details.metadata.emplace_back(key, value);
      }
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        details.violations.push_back({violation.field(), violation.description()});
      }
    }
  }
  std::sort(details.metadata.begin(), details.metadata.end());  // A map's order is not ours.
  return details.reason.empty() ? result : WithDetails(std::move(result), details);
}

}  // namespace countersign::rpc
