#include "common/events/delivery_answer.h"

#include <algorithm>

namespace countersign::events {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(2);  // As long as it may take to notice that it is back.

}  // namespace

bool IsDown(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status);
}

bool IsRefused(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

absl::Duration BackoffAfter(int failures) {
  constexpr int kEnoughDoublings = 6;
  return std::min(kLongestPause, kFirstPause * (1 << std::clamp(failures - 1, 0, kEnoughDoublings)));
}

}  // namespace countersign::events
