// The versions of every country's withholding rates, by kind of form.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_WITHHOLDING_RATE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_WITHHOLDING_RATE_STORE_H_

#include <vector>

#include "billing-service/src/domain/withholding_rate.h"
#include "billing-service/src/store/version_store.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which withholding rates may be filtered.
std::vector<mysql::FilterField> WithholdingRateFilterFields();

// Thread-safe. Error of Get: NOT_FOUND WITHHOLDING_RATE_NOT_FOUND.
class WithholdingRateStore final : public VersionStore<WithholdingRate> {
 public:
  explicit WithholdingRateStore(mysql::Database& database);  // Must outlive the store.

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const WithholdingRate& version);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_WITHHOLDING_RATE_STORE_H_
