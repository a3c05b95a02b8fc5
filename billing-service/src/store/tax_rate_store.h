// The versions of every region's tax.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TAX_RATE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TAX_RATE_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/tax.h"
#include "billing-service/src/store/version_store.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which tax rates may be filtered.
std::vector<mysql::FilterField> TaxRateFilterFields();

// Thread-safe. Error of Get: NOT_FOUND TAX_RATE_NOT_FOUND.
class TaxRateStore final : public VersionStore<TaxRate> {
 public:
  explicit TaxRateStore(mysql::Database& database);  // Must outlive the store.

  // A region's versions, by Recall.
  absl::StatusOr<std::vector<TaxRate>> RatesOf(absl::Time deadline, absl::string_view region) const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const TaxRate& rate);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TAX_RATE_STORE_H_
