// Reads all four schemas and proves what must hold whatever fails, for the moment when every log is drained:
//  1. Every ledger transaction balances per currency, and so does all of it.
//  2. A confirmation exists exactly once in link, order and billing.
//  3. No invoice without a confirmed order, no completed order without its subscriptions.
//  4. A fee is a function of its paid line: once, to the right partner, at the frozen rate.
//  5. Every event log is sealed and delivered to its end, but for parked deliveries.
//  6. Only edges of the state machines were taken, as the events tell.
//  7. The audit chain verifies.
//  8. Every stored reply still answers its request with the bytes it had (its digest is among the columns read).
#ifndef COUNTERSIGN_INTEGRATION_TESTS_CHECKER_H_
#define COUNTERSIGN_INTEGRATION_TESTS_CHECKER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"

namespace countersign::integration {

// Sessions on the four schemas, with the right to read them.
struct Schemas {
  mysql::Connection* partner;
  mysql::Connection* order;
  mysql::Connection* link;
  mysql::Connection* billing;
};

// One sentence per broken invariant; empty when all hold. Error: a schema could not be read.
absl::StatusOr<std::vector<std::string>> FindBrokenInvariants(const Schemas& schemas);

// True when every event is sealed and every consumer's cursor stands at the end of its log, or holds what is parked.
absl::StatusOr<bool> IsDrained(const Schemas& schemas);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_CHECKER_H_
