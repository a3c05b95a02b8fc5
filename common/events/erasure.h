// Erases from the log what could tell of a resource.
#ifndef COUNTERSIGN_COMMON_EVENTS_ERASURE_H_
#define COUNTERSIGN_COMMON_EVENTS_ERASURE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"

namespace countersign::events {

// Erases the salts of the aggregate's events before `version`, for Change::also: without them nobody can try what a
// digest stands for. The chain does not cover salts, so it still verifies. Idempotent.
absl::Status EraseSalts(mysql::Connection& connection, const Uuid& tenant, const Uuid& aggregate, int64_t version);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_ERASURE_H_
