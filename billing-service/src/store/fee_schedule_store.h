// The versions of the fee schedule.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_SCHEDULE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_SCHEDULE_STORE_H_

#include <vector>

#include "billing-service/src/domain/fee_schedule.h"
#include "billing-service/src/store/version_store.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which fee schedules may be filtered.
std::vector<mysql::FilterField> FeeScheduleFilterFields();

// Thread-safe. Error of Get: NOT_FOUND FEE_SCHEDULE_NOT_FOUND.
class FeeScheduleStore final : public VersionStore<FeeSchedule> {
 public:
  explicit FeeScheduleStore(mysql::Database& database);  // Must outlive the store.

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const FeeSchedule& version);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_SCHEDULE_STORE_H_
