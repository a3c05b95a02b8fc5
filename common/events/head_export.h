// Carries the ends of the audit chain out of the database's reach: into the service's log.
#ifndef COUNTERSIGN_COMMON_EVENTS_HEAD_EXPORT_H_
#define COUNTERSIGN_COMMON_EVENTS_HEAD_EXPORT_H_

#include "absl/time/time.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"

namespace countersign::events {

// A task that logs the head of each bucket when it has moved since this process last logged it:
//   {"level": "info", "message": "audit head", "bucket": "46", "position": "6", "seal": "3lFn…Fmo="}
// The three are a countersign.event.v1.AuditHead as JSON has it (the seal in base64), so that they can be given to
// VerifyAuditChain as they are. Where the head that was logged last is no longer in the log, with the seal it had,
// every turn logs it again as an error, "the audit log was cut off or replaced", and no other head of the bucket:
// however long the log has grown since, and until that head is back or the process ends. Errors: those of Database.
BucketTask HeadExport(mysql::Database& database, absl::Duration interval);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_HEAD_EXPORT_H_
