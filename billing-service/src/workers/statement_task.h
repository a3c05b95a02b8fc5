// Closes the partners' quarters.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_STATEMENT_TASK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_STATEMENT_TASK_H_

#include "billing-service/src/api/statement_closer.h"
#include "billing-service/src/store/statement_store.h"
#include "common/base/clock.h"
#include "common/events/relay.h"

namespace countersign::billing {

// From the seventh day after a quarter's end on, so that entries on their way arrive in time and the fourteenth is
// kept. Under the bucket's lease; one partner that fails holds back no other. All must outlive the task.
events::BucketTask StatementTask(const StatementStore& statements, const StatementCloser& closer, const Clock& clock);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_STATEMENT_TASK_H_
