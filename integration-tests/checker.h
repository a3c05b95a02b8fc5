// Reads all four schemas and proves what must hold whatever fails, for the moment when every log is drained. Numbers
// are those of docs/safety.md.
//   1. Every ledger transaction balances per currency, and so does all of it.
//   2. A confirmation exists exactly once in link, order and billing.
//   3. No invoice without a confirmed order, no completed order without its subscriptions.
//   4. A fee is a function of its paid line: once, to the right partner, at the frozen rate.
//   5. Every event log is sealed and delivered to its end, but for parked deliveries.
//   6. Only edges of the state machines were taken, as the events tell, and every row is what its last event says.
//   7. The audit chain verifies.
//   8. Every stored reply is the one that its request got, byte for byte: its event has the digest of the resource.
//      check_replies.cc lists the exceptions. Whatever has no digest (sealed replies, hashes of requests) is compared
//      with what an earlier check saw (ReplyMemory).
//   9. Receivables are the amounts due, and account credit is money received and not used: per account, in the rows and
//      in the ledger, never negative. The ledger's other balances follow from the rows in the same way.
//      Every charge that SUCCEEDED is one payment, and the payment processor's own book agrees.
//  10. Every reservation has its row, or its owner can take it again.
//  11. Every copy of another service's state equals its owner's: partners in order-service, orders in link-service and
//      billing-service, subscriptions in order-service. Of what is parked or was given up no copy is expected.
// And of an erased customer no service has kept anything but what a ground allows (check_erasure.cc).
#ifndef COUNTERSIGN_INTEGRATION_TESTS_CHECKER_H_
#define COUNTERSIGN_INTEGRATION_TESTS_CHECKER_H_

#include <map>
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
  std::string processor_book = {};  // The path of sandbox-processor's book; empty: it is not at hand.
};

// One sentence per broken invariant; empty when all hold. Errors: ABORTED when the services wrote events meanwhile (try
// again); others when a schema could not be read.
absl::StatusOr<std::vector<std::string>> FindBrokenInvariants(const Schemas& schemas);

// Invariant 8 alone, which holds whether or not the logs are drained. The same errors.
absl::StatusOr<std::vector<std::string>> FindBrokenReplies(const Schemas& schemas);

// Leftovers of faults that an operator may want to see, one sentence each: reservations that wait for their owner,
// links of a Submit that never committed, and deliveries that are parked or were given up. Nothing without a fault.
absl::StatusOr<std::vector<std::string>> FindLeftovers(const Schemas& schemas);

// True when every event is sealed and every consumer's cursor stands at the end of its log, or holds what is parked.
absl::StatusOr<bool> IsDrained(const Schemas& schemas);

// Every stored reply as it was last read: its bytes, the hash of its request, whether it is sealed.
class ReplyMemory {
 public:
  // One sentence per reply that changed or has gone since the last call, then remembers what is there now. A reply that
  // is 30 days older than its schema's newest event may go.
  absl::StatusOr<std::vector<std::string>> FindChanged(const Schemas& schemas);

 private:
  struct Reply {
    std::string digest;
    absl::Time create_time;
  };
  std::map<std::string, Reply> replies_;  // By service and the table's key.
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_CHECKER_H_
