// The versions of the fee schedule: a small table, read as a whole and remembered for a moment.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_SCHEDULE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_SCHEDULE_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee_schedule.h"
#include "billing-service/src/store/remembered.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which fee schedules may be filtered.
std::vector<mysql::FilterField> FeeScheduleFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class FeeScheduleStore {
 public:
  explicit FeeScheduleStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND FEE_SCHEDULE_NOT_FOUND.
  absl::StatusOr<FeeSchedule> Get(absl::Time deadline, const Uuid& fee_schedule) const;

  // All, oldest first.
  absl::StatusOr<mysql::Page<FeeSchedule>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // All versions as they are now.
  absl::StatusOr<std::vector<FeeSchedule>> ReadAll(absl::Time deadline) const;

  // The same as they were at most kRemembered ago. That is soon enough: a version begins tomorrow at the earliest.
  absl::StatusOr<FeeSchedules> Recall(absl::Time deadline) const;

  // The next Recall reads again.
  void Forget() const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const FeeSchedule& version);

 private:
  mysql::Database& database_;
  mutable Remembered<FeeSchedule> remembered_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_SCHEDULE_STORE_H_
