// The versions of the dunning ladder.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_LADDER_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_LADDER_STORE_H_

#include <vector>

#include "billing-service/src/domain/dunning_ladder.h"
#include "billing-service/src/store/version_store.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which dunning ladders may be filtered.
std::vector<mysql::FilterField> DunningLadderFilterFields();

// Thread-safe. Error of Get: NOT_FOUND DUNNING_LADDER_NOT_FOUND.
class DunningLadderStore final : public VersionStore<DunningLadder> {
 public:
  explicit DunningLadderStore(mysql::Database& database);  // Must outlive the store.

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const DunningLadder& ladder);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_DUNNING_LADDER_STORE_H_
