// What this service's own relay does outside any call.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_WORKER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_WORKER_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/mysql/change.h"
#include "countersign/billing/v1/billing_event.pb.h"

namespace countersign::billing {

// Runs `act` again, up to five times in all, when it lost a race: it then decides on what is there now. More would only
// be met by many receipts of one account at once, and those the relay delivers again.
inline absl::Status RunUntilNotLost(absl::FunctionRef<absl::Status()> act) {
  constexpr int kAttempts = 5;
  absl::Status status = act();
  for (int attempt = 1; attempt < kAttempts && IsLostRace(status); ++attempt) status = act();
  return status;
}

// An event without a call and a request_id, whose actor is the service. `cause` is the event that the worker follows;
// it says on whose behalf.
inline mysql::Event WorkerEvent(const mysql::Event& cause, const Uuid& tenant, const Uuid& aggregate, int64_t version,
                                absl::string_view type, const v1::BillingEvent& payload, absl::Time now) {
  mysql::Event event;
  event.tenant = tenant;
  event.aggregate = aggregate;
  event.version = version;
  event.type = std::string(type);
  event.actor = "services/billing-service";
  event.on_behalf_of = cause.on_behalf_of.empty() ? cause.actor : cause.on_behalf_of;
  event.create_time = now;
  event.payload = payload.SerializeAsString();
  return event;
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_WORKER_H_
