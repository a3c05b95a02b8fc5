// The task "sums": adds what was posted to the sums that reports of the ledger read.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_SUM_TASK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_SUM_TASK_H_

#include "billing-service/src/store/posted_sum_store.h"
#include "common/events/relay.h"

namespace countersign::billing {

// `sums` must outlive the task.
events::BucketTask SumTask(const PostedSumStore& sums);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_SUM_TASK_H_
