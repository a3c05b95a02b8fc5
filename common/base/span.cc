#include "common/base/span.h"

#include <atomic>

namespace countersign {
namespace {

std::atomic<SpanSink*>& Sink() {
  static std::atomic<SpanSink*> sink = nullptr;
  return sink;
}

}  // namespace

SpanSink* SpanSink::OfProcess() { return Sink().load(std::memory_order_acquire); }

// Threads may record until the very end, so it is never deleted.
void SpanSink::SetOfProcess(std::unique_ptr<SpanSink> sink) { Sink().store(sink.release(), std::memory_order_release); }

}  // namespace countersign
