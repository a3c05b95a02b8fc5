// Withholding rates, by country, form and day: a small table.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_WITHHOLDING_RATE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_WITHHOLDING_RATE_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/withholding_rate.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which withholding rates may be filtered.
std::vector<mysql::FilterField> WithholdingRateFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class WithholdingRateStore {
 public:
  explicit WithholdingRateStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND WITHHOLDING_RATE_NOT_FOUND.
  absl::StatusOr<WithholdingRate> Get(absl::Time deadline, const Uuid& withholding_rate) const;

  // All, oldest first.
  absl::StatusOr<mysql::Page<WithholdingRate>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // The versions of a country, of all forms.
  absl::StatusOr<std::vector<WithholdingRate>> ReadOfRegion(absl::Time deadline, absl::string_view region) const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const WithholdingRate& version);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_WITHHOLDING_RATE_STORE_H_
