// The versions of every currency's small difference.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SMALL_DIFFERENCE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SMALL_DIFFERENCE_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/small_difference.h"
#include "billing-service/src/store/version_store.h"
#include "common/base/date.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which small differences may be filtered.
std::vector<mysql::FilterField> SmallDifferenceFilterFields();

// Thread-safe. Error of Get: NOT_FOUND SMALL_DIFFERENCE_NOT_FOUND.
class SmallDifferenceStore final : public VersionStore<SmallDifference> {
 public:
  explicit SmallDifferenceStore(mysql::Database& database);  // Must outlive the store.

  // The limit on `date` in micros, by Recall.
  absl::StatusOr<int64_t> LimitOn(absl::Time deadline, absl::string_view currency, Date date) const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const SmallDifference& version);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SMALL_DIFFERENCE_STORE_H_
