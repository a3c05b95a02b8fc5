// The versions of every currency's small difference: a small table, read as a whole and remembered for a moment.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SMALL_DIFFERENCE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SMALL_DIFFERENCE_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/small_difference.h"
#include "billing-service/src/store/remembered.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which small differences may be filtered.
std::vector<mysql::FilterField> SmallDifferenceFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class SmallDifferenceStore {
 public:
  explicit SmallDifferenceStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND SMALL_DIFFERENCE_NOT_FOUND.
  absl::StatusOr<SmallDifference> Get(absl::Time deadline, const Uuid& small_difference) const;

  // All, oldest first.
  absl::StatusOr<mysql::Page<SmallDifference>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // The versions of a currency as they are now.
  absl::StatusOr<std::vector<SmallDifference>> ReadOfCurrency(absl::Time deadline, absl::string_view currency) const;

  // The limit on `date` in micros, by the versions as they were at most kRemembered ago. That is soon enough: a version
  // begins tomorrow at the earliest, a currency's first apart.
  absl::StatusOr<int64_t> LimitOn(absl::Time deadline, absl::string_view currency, Date date) const;

  // The next LimitOn reads again.
  void Forget() const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const SmallDifference& version);

 private:
  mysql::Database& database_;
  mutable Remembered<SmallDifference> remembered_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SMALL_DIFFERENCE_STORE_H_
