// The parts of the checker (checker.h), one file each. Every part appends one sentence per broken invariant; an error
// means that a schema could not be read.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_CHECKS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_CHECKS_H_

#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "integration-tests/checker.h"

namespace countersign::integration {

using Sentences = std::vector<std::string>;

// The schemas with the names of their services.
inline std::array<std::pair<std::string, mysql::Connection*>, 4> Named(const Schemas& schemas) {
  return {
      {{"partner", schemas.partner}, {"order", schemas.order}, {"link", schemas.link}, {"billing", schemas.billing}}};
}

// Appends "`sentence`: `first column`" for each row that the query finds.
absl::Status ExpectNone(mysql::Connection& connection, absl::string_view sql, absl::string_view sentence,
                        Sentences& broken);

// Of one schema, whether it is drained (checker.h). `service` is "partner", "order", "link" or "billing".
absl::StatusOr<bool> IsLogDrained(const std::string& service, mysql::Connection& connection);

// The aggregates of which a delivery is held, or was given up by an operator: what follows from their events is not
// expected anywhere.
absl::StatusOr<std::set<Uuid>> FindUndelivered(mysql::Connection& connection);

// check_log.cc. Invariants 6 and 7 of one schema: versions without gaps, edges of the state machines, the chain, no
// cursor beyond the log's end, and every row in the version and state that its last event says.
absl::Status CheckLog(const std::string& service, mysql::Connection& connection, Sentences& broken);

// check_replies.cc. Invariant 8 of one schema.
absl::Status CheckReplies(const std::string& service, mysql::Connection& connection, Sentences& broken);

// check_orders.cc. Invariants 2 and 3.
absl::Status CheckOrders(const Schemas& schemas, Sentences& broken);

// check_catalogue.cc. The catalogue, and what orders take from it.
absl::Status CheckCatalogue(mysql::Connection& order, Sentences& broken);

// check_money.cc. Invariants 1 and 9.
absl::Status CheckMoney(mysql::Connection& billing, Sentences& broken);

// check_sums.cc. What reports of the ledger add up.
absl::Status CheckSums(mysql::Connection& billing, Sentences& broken);
// check_charges.cc. A charge is paid once, and what the payment processor took is on record; `book` is the path of its
// own book, empty: none is at hand.
absl::Status CheckCharges(mysql::Connection& billing, const std::string& book, Sentences& broken);

// check_dunning.cc. Where accounts stand on the dunning ladder.
absl::Status CheckDunning(mysql::Connection& billing, Sentences& broken);

// check_fees.cc. Invariant 4.
absl::Status CheckFees(mysql::Connection& billing, Sentences& broken);

// check_subscriptions.cc. Partners of record, purchase orders, and what a cancellation leaves on the invoices.
absl::Status CheckSubscriptions(mysql::Connection& billing, Sentences& broken);

// check_reservations.cc. Invariant 10. `orphans`: reservations whose row was never written and that their owner can
// take again.
absl::Status CheckReservations(const Schemas& schemas, Sentences& broken, Sentences& orphans);

// check_copies.cc. Invariant 11. The logs must be drained.
absl::Status CheckCopies(const Schemas& schemas, Sentences& broken);

// check_erasure.cc. What was erased left nothing behind in its own schema; and, of an erased customer, in the others.
// The second needs the logs drained.
absl::Status CheckErasedRows(const Schemas& schemas, Sentences& broken);
absl::Status CheckErasedEverywhere(const Schemas& schemas, Sentences& broken);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_CHECKS_H_
