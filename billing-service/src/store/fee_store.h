// Fee entries: the account's side, frozen and then earned, and the partner's side.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The account's side.
inline constexpr mysql::Table kFeeSegments = {
    .name = "fee_segments",
    .key = "account_id, fee_id",
    .fixed =
        "partner_id, invoice_id, line, segment, subscription_id, tranche, rate_basis_points, days, period_days, "
        "service_start_date, currency, line_net_micros",
    .changing = "earned_micros, earn_time"};

// The entry that a row of kFeeSegments froze, whether it is earned or not.
FeeEntry FrozenFeeOf(mysql::RowReader& row);

// The fields by which fees may be filtered.
std::vector<mysql::FilterField> FeeFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class FeeStore {
 public:
  explicit FeeStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The account's side of an entry that its invoice earned; nullopt while it is not earned.
  absl::StatusOr<std::optional<FeeEntry>> FindEarned(absl::Time deadline, const Uuid& account, const Uuid& fee) const;

  // Whether the partner's side has the entry.
  absl::StatusOr<bool> Exists(absl::Time deadline, const Uuid& partner, const Uuid& fee) const;

  // The partner's entries, oldest first.
  absl::StatusOr<mysql::Page<FeeEntry>> List(absl::Time deadline, const Uuid& partner,
                                             const mysql::PageQuery& query) const;

  // The account's side: as its invoice froze it, a new row; and once it is earned, for a change with its FEE_EARNED.
  static mysql::RowWrite FrozenRow(const FeeEntry& fee);
  static mysql::RowWrite EarnedRow(const FeeEntry& fee);

  // The partner's side, a new row.
  static mysql::RowWrite AccruedRow(const FeeEntry& fee);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
