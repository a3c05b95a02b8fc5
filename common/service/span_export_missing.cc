#include "common/base/error.h"
#include "common/service/span_export.h"

namespace countersign::service {

absl::Status StartSpanExport(const std::string& /*service*/, const std::string& /*replica*/,
                             const std::string& /*endpoint*/) {
  return Error(absl::StatusCode::kUnimplemented, "OPENTELEMETRY_MISSING",
               "This program was built without OpenTelemetry. Build it where CMake finds opentelemetry-cpp, or leave "
               "--otlp_endpoint out.");
}

}  // namespace countersign::service
