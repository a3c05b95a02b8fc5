// Spans to a collector, by OpenTelemetry's library where the program was built with it.
#ifndef COUNTERSIGN_COMMON_SERVICE_SPAN_EXPORT_H_
#define COUNTERSIGN_COMMON_SERVICE_SPAN_EXPORT_H_

#include <string>

#include "absl/status/status.h"

namespace countersign::service {

// Has every span of this process sent to `endpoint` ("http://collector:4318/v1/traces") in the background, as those of
// `service` ("order-service") and `replica`. A collector that is down costs nobody but the spans. Error: UNIMPLEMENTED
// OPENTELEMETRY_MISSING, when the program was built without the library.
absl::Status StartSpanExport(const std::string& service, const std::string& replica, const std::string& endpoint);

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_SPAN_EXPORT_H_
