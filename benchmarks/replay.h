// The yardstick: the very statements that the services sent for each order, sent again by a bare loop over the
// connector, one connection per schema and worker, nothing above SQL.
#ifndef COUNTERSIGN_BENCHMARKS_REPLAY_H_
#define COUNTERSIGN_BENCHMARKS_REPLAY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/statement_log.h"

namespace countersign::benchmarks {

// One statement and the schema it goes to, by index.
struct ReplayStatement {
  int schema = 0;
  mysql::LoggedStatement statement;
};

// All statements of one order, in an order in which transactions do not interleave.
using ReplayOrder = std::vector<ReplayStatement>;

// Splits what the services logged into orders: statement s belongs to order i when starts[i] <= s.time_ns < starts[i+1]
// (`starts` has one more entry than there are orders). A transaction counts whole, at the time of its COMMIT.
std::vector<ReplayOrder> SplitIntoOrders(const std::vector<std::vector<mysql::LoggedStatement>>& logs,
                                         const std::vector<int64_t>& starts);

struct ReplayResult {
  absl::Duration elapsed;
  int64_t failed_statements = 0;  // Duplicate keys and the like: should be none.
};

// Sends the orders from `workers` threads, each taking the next order. `urls`: mysql://…/schema, one per schema index.
absl::StatusOr<ReplayResult> Replay(const std::vector<ReplayOrder>& orders, const std::vector<std::string>& urls,
                                    int workers);

}  // namespace countersign::benchmarks

#endif  // COUNTERSIGN_BENCHMARKS_REPLAY_H_
