// Counts and measures every call that a service answers.
#ifndef COUNTERSIGN_COMMON_SERVICE_CALL_METRICS_H_
#define COUNTERSIGN_COMMON_SERVICE_CALL_METRICS_H_

#include "common/rpc/endpoint.h"

namespace countersign::service {

// countersign_rpc_calls_total by method and code, and countersign_rpc_seconds by method; of a stream, when it ends.
// Thread-safe; a method that was called before costs no allocation.
rpc::CallObserver MakeCallMetrics();

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_CALL_METRICS_H_
