// The versions of the dunning ladder: a small table, read as a whole.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_LADDER_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_LADDER_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/dunning_ladder.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which dunning ladders may be filtered.
std::vector<mysql::FilterField> DunningLadderFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class DunningLadderStore {
 public:
  explicit DunningLadderStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND DUNNING_LADDER_NOT_FOUND.
  absl::StatusOr<DunningLadder> Get(absl::Time deadline, const Uuid& ladder) const;

  // Oldest first.
  absl::StatusOr<mysql::Page<DunningLadder>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // All of them.
  absl::StatusOr<std::vector<DunningLadder>> ReadAll(absl::Time deadline) const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const DunningLadder& ladder);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_LADDER_STORE_H_
