// How this service acts outside any call.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_WORKER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_WORKER_H_

#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// This service acts because of the event `cause`, which says on whose behalf.
inline rpc::WorkerAct ActAfter(const events::Event& cause, absl::Time now) {
  return {
      .service = "billing-service", .now = now, .on_behalf_of = rpc::PrincipalOf(cause), .trace_id = cause.trace_id};
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_WORKER_H_
