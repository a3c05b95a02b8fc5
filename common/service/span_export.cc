#include "common/service/span_export.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/hex.h"
#include "common/base/log.h"
#include "common/base/span.h"
#include "opentelemetry/exporters/otlp/otlp_http_exporter_factory.h"
#include "opentelemetry/exporters/otlp/otlp_http_exporter_options.h"
#include "opentelemetry/sdk/common/global_log_handler.h"
#include "opentelemetry/sdk/instrumentationscope/instrumentation_scope.h"
#include "opentelemetry/sdk/resource/resource.h"
#include "opentelemetry/sdk/trace/batch_span_processor_factory.h"
#include "opentelemetry/sdk/trace/batch_span_processor_options.h"
#include "opentelemetry/sdk/trace/exporter.h"
#include "opentelemetry/sdk/trace/processor.h"
#include "opentelemetry/sdk/trace/recordable.h"
#include "opentelemetry/trace/span_context.h"

namespace countersign::service {
namespace {

namespace otel = opentelemetry;

constexpr std::chrono::seconds kFlushTimeout{2};
constexpr std::chrono::seconds kSendTimeout{5};

// The library's own messages as lines of our log.
class LibraryLog final : public otel::sdk::common::internal_log::LogHandler {
 public:
  void Handle(otel::sdk::common::internal_log::LogLevel /*level*/, const char* /*file*/, int /*line*/,
              const char* message, const otel::sdk::common::AttributeMap& /*attributes*/) noexcept override {
    LogSparingly(Level::kWarning, "spans are not delivered", {{"error", message == nullptr ? "" : message}});
  }
};

otel::trace::TraceId ToTraceId(absl::string_view digits) {
  const std::string bytes = HexToBytes(digits);
  return otel::trace::TraceId(otel::nostd::span<const uint8_t, otel::trace::TraceId::kSize>(
      reinterpret_cast<const uint8_t*>(bytes.data()), otel::trace::TraceId::kSize));
}

// All zero, which means none, for an empty text.
otel::trace::SpanId ToSpanId(absl::string_view digits) {
  if (digits.empty()) return {};
  const std::string bytes = HexToBytes(digits);
  return otel::trace::SpanId(otel::nostd::span<const uint8_t, otel::trace::SpanId::kSize>(
      reinterpret_cast<const uint8_t*>(bytes.data()), otel::trace::SpanId::kSize));
}

// Spans come here when they have ended and with ids of our own, so they go to the library's processor past its tracer.
class OtlpSink final : public SpanSink {
 public:
  OtlpSink(const std::string& service, const std::string& replica, const std::string& endpoint)
      : resource_(otel::sdk::resource::Resource::Create(
            {{"service.name", service}, {"service.namespace", "countersign"}, {"service.instance.id", replica}})),
        scope_(otel::sdk::instrumentationscope::InstrumentationScope::Create("countersign")) {
    otel::exporter::otlp::OtlpHttpExporterOptions options;
    options.url = endpoint;
    options.timeout = kSendTimeout;
    processor_ = otel::sdk::trace::BatchSpanProcessorFactory::Create(
        otel::exporter::otlp::OtlpHttpExporterFactory::Create(options), otel::sdk::trace::BatchSpanProcessorOptions());
  }

  void Record(const Span& span) override {
    std::unique_ptr<otel::sdk::trace::Recordable> record = processor_->MakeRecordable();
    record->SetIdentity(
        otel::trace::SpanContext(ToTraceId(span.trace_id), ToSpanId(span.span_id),
                                 otel::trace::TraceFlags(otel::trace::TraceFlags::kIsSampled), /*is_remote=*/false),
        ToSpanId(span.parent_id));
    record->SetResource(resource_);
    record->SetInstrumentationScope(*scope_);
    record->SetName(span.name);
    record->SetSpanKind(span.kind == Span::Kind::kServer ? otel::trace::SpanKind::kServer
                                                         : otel::trace::SpanKind::kClient);
    record->SetStartTime(otel::common::SystemTimestamp(absl::ToChronoTime(span.start)));
    record->SetDuration(absl::ToChronoNanoseconds(span.duration));
    record->SetAttribute("rpc.grpc.status_code", static_cast<int32_t>(span.code));
    if (span.code != absl::StatusCode::kOk) {
      record->SetAttribute("error.type", span.reason);
      record->SetStatus(otel::trace::StatusCode::kError, absl::StatusCodeToString(span.code));
    }
    processor_->OnEnd(std::move(record));
  }

  void Flush() override { processor_->ForceFlush(kFlushTimeout); }

 private:
  const otel::sdk::resource::Resource resource_;
  const otel::nostd::unique_ptr<otel::sdk::instrumentationscope::InstrumentationScope> scope_;
  std::unique_ptr<otel::sdk::trace::SpanProcessor> processor_;
};

}  // namespace

absl::Status StartSpanExport(const std::string& service, const std::string& replica, const std::string& endpoint) {
  if (SpanSink::OfProcess() != nullptr) return absl::OkStatus();  // The database was waited for: a second try to serve.
  otel::sdk::common::internal_log::GlobalLogHandler::SetLogHandler(
      otel::nostd::shared_ptr<otel::sdk::common::internal_log::LogHandler>(new LibraryLog));
  SpanSink::SetOfProcess(std::make_unique<OtlpSink>(service, replica, endpoint));
  return absl::OkStatus();
}

}  // namespace countersign::service
