// The versions of every region's tax: a small table, read as a whole and remembered for a moment.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TAX_RATE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TAX_RATE_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/tax.h"
#include "billing-service/src/store/remembered.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which tax rates may be filtered.
std::vector<mysql::FilterField> TaxRateFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class TaxRateStore {
 public:
  explicit TaxRateStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND TAX_RATE_NOT_FOUND.
  absl::StatusOr<TaxRate> Get(absl::Time deadline, const Uuid& tax_rate) const;

  // All, oldest first.
  absl::StatusOr<mysql::Page<TaxRate>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // The versions of a region as they are now.
  absl::StatusOr<std::vector<TaxRate>> ReadOfRegion(absl::Time deadline, absl::string_view region) const;

  // The same as they were at most kRemembered ago. That is soon enough: a version begins tomorrow at the earliest,
  // a region's first apart.
  absl::StatusOr<std::vector<TaxRate>> RatesOf(absl::Time deadline, absl::string_view region) const;

  // The next RatesOf reads again.
  void Forget() const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const TaxRate& rate);

 private:
  mysql::Database& database_;
  mutable Remembered<TaxRate> remembered_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TAX_RATE_STORE_H_
