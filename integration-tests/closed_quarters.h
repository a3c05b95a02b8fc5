// Statements and payouts without the months that they take.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_CLOSED_QUARTERS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_CLOSED_QUARTERS_H_

#include "absl/status/status.h"
#include "common/base/uuid.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// Writes two closed statements of two lines each, and their pending payouts, for the partner: no quarter ends while a
// test plays. The rows have no events. Errors: those of the database.
absl::Status WriteClosedQuarters(Suite& suite, const Uuid& partner);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_CLOSED_QUARTERS_H_
