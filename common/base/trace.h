// Trace ids, and how W3C Trace Context writes them: traceparent is version-traceid-parentid-flags.
#ifndef COUNTERSIGN_COMMON_BASE_TRACE_H_
#define COUNTERSIGN_COMMON_BASE_TRACE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign {

inline constexpr char kTraceparent[] = "traceparent";  // Of gRPC metadata and of HTTP alike.

// 32 lower-case hexadecimal digits, not all zero.
bool IsTraceId(absl::string_view text);

// 32 random ones.
std::string NewTraceId();

// The trace id in a traceparent of any version; empty when it is none.
std::string TraceIdOf(absl::string_view traceparent);

// The id of the caller's span (16 digits) in a traceparent that TraceIdOf accepts; empty in any other.
std::string ParentIdOf(absl::string_view traceparent);

// 16 random lower-case hexadecimal digits.
std::string NewSpanId();

// A traceparent for a call within the trace, made in the span `parent_id` or, where that is empty, in one that nobody
// records; marked as sampled.
std::string TraceparentOf(absl::string_view trace_id, absl::string_view parent_id = "");

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_TRACE_H_
