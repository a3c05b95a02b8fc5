#include "common/base/trace.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

namespace countersign {
namespace {

constexpr size_t kTraceIdDigits = 32;
constexpr size_t kParentIdDigits = 16;
constexpr size_t kTraceparentLength = 55;  // Of version 00; later ones may be longer, after another dash.

bool IsHex(absl::string_view text, size_t digits) {
  return text.size() == digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(absl::string_view text) { return text.find_first_not_of('0') == absl::string_view::npos; }

// Lower-case hexadecimal digits, a multiple of 16. An id need not be a secret, only new: of a generator for secrets it
// would cost ten times as much.
std::string NewId(size_t digits) {
  thread_local absl::BitGen random;
  std::string id;
  while (id.size() < digits) absl::StrAppend(&id, absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16));
  return id;
}

}  // namespace

bool IsTraceId(absl::string_view text) { return IsHex(text, kTraceIdDigits) && !IsZero(text); }

std::string NewTraceId() { return NewId(kTraceIdDigits); }

std::string TraceIdOf(absl::string_view traceparent) {
  if (traceparent.size() < kTraceparentLength) return "";
  const absl::string_view version = traceparent.substr(0, 2);
  const absl::string_view trace_id = traceparent.substr(3, kTraceIdDigits);
  const absl::string_view parent_id = traceparent.substr(36, kParentIdDigits);
  const bool dashes = traceparent[2] == '-' && traceparent[35] == '-' && traceparent[52] == '-';
  const bool ends = traceparent.size() == kTraceparentLength || (version != "00" && traceparent[55] == '-');
  if (!dashes || !ends || !IsHex(version, 2) || version == "ff" || !IsHex(parent_id, kParentIdDigits) ||
      IsZero(parent_id) || !IsTraceId(trace_id) || !IsHex(traceparent.substr(53, 2), 2)) {
    return "";
  }
  return std::string(trace_id);
}

std::string ParentIdOf(absl::string_view traceparent) {
  return TraceIdOf(traceparent).empty() ? "" : std::string(traceparent.substr(36, kParentIdDigits));
}

std::string NewSpanId() { return NewId(kParentIdDigits); }

std::string TraceparentOf(absl::string_view trace_id, absl::string_view parent_id) {
  return absl::StrCat("00-", trace_id, "-", parent_id.empty() ? NewSpanId() : parent_id, "-01");
}

}  // namespace countersign
