// Billing runs as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_RUN_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_RUN_MESSAGES_H_

#include "billing-service/src/domain/billing_run_record.h"
#include "countersign/billing/v1/billing_run.pb.h"

namespace countersign::billing {

// Without remaining_count, which is not the run's own.
v1::BillingRun ToProto(const BillingRun& run);

// The payloads of the events that made these versions.
v1::BillingRunEvent EventOf(const BillingRun& run);
v1::BillingRunEvent EventOf(const BillingRunShare& share);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_RUN_MESSAGES_H_
