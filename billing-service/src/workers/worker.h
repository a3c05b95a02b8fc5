// What this service's own relay does outside any call.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_WORKER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_WORKER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/events/change.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// Runs `act` again, up to five times in all, when it lost a race: it then decides on what is there now. More would only
// be met by many receipts of one account at once, and those the relay delivers again.
inline absl::Status RunUntilNotLost(absl::FunctionRef<absl::Status()> act) {
  constexpr int kAttempts = 5;
  absl::Status status = act();
  for (int attempt = 1; attempt < kAttempts && IsLostRace(status); ++attempt) status = act();
  return status;
}

// This service acts because of the event `cause`, which says on whose behalf.
inline rpc::WorkerAct ActAfter(const events::Event& cause, absl::Time now) {
  return {.service = "billing-service", .now = now, .on_behalf_of = rpc::PrincipalOf(cause)};
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_WORKER_H_
