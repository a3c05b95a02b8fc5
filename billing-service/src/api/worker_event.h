// Events of what this service's own relay does: no call, no request_id; the actor is the service.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_WORKER_EVENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_WORKER_EVENT_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/change.h"
#include "countersign/billing/v1/billing_event.pb.h"

namespace countersign::billing {

// `cause` is the event that the worker follows; it says on whose behalf.
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

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_WORKER_EVENT_H_
