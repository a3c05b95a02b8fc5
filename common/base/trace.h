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

// A traceparent for a call within the trace, with a parent id of its own, marked as sampled.
std::string TraceparentOf(absl::string_view trace_id);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_TRACE_H_
