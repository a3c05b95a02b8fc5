// The parts of a trace, for whoever collects them: one span for each call that is served, and one for each that is
// made.
#ifndef COUNTERSIGN_COMMON_BASE_SPAN_H_
#define COUNTERSIGN_COMMON_BASE_SPAN_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace countersign {

struct Span {
  enum class Kind : uint8_t { kServer, kClient };

  std::string trace_id;   // 32 lower-case hexadecimal digits.
  std::string span_id;    // 16 of them.
  std::string parent_id;  // The span in which it was asked for; empty at the beginning of a trace.
  Kind kind = Kind::kServer;
  std::string name;  // "countersign.order.v1.OrderService/SubmitOrder"; nothing of what was sent.
  absl::Time start;  // Real time.
  absl::Duration duration;
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string reason = {};  // ErrorInfo's; empty when OK.
};

// Takes spans that have ended. Thread-safe.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  // Does not block; where spans come faster than they leave, some are lost.
  virtual void Record(const Span& span) = 0;
  // Waits a moment until what was recorded has left.
  virtual void Flush() = 0;

  // Null: nobody collects spans, and none need be made.
  static SpanSink* OfProcess();
  // Once, before the first call; it stays until the process ends.
  static void SetOfProcess(std::unique_ptr<SpanSink> sink);
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_SPAN_H_
