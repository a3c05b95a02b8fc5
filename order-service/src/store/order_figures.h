// How many orders are on their way, for whoever watches the service.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_FIGURES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_FIGURES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/metrics.h"
#include "common/mysql/database.h"

namespace countersign::order {

// Orders of each state that is not the last one, and how long the oldest CONFIRMED one waits to be completed. Of all
// buckets, along a key; ended orders are not counted, for they are all that ever were. `now` is business time. Errors:
// those of mysql::Database.
absl::StatusOr<std::vector<metrics::Figure>> ReadOrderFigures(mysql::Database& database, absl::Time deadline,
                                                              absl::Time now);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_FIGURES_H_
