// Fee entries: the account's side, frozen, earned and reversed, and the partner's side.
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
        "service_start_date, currency, line_net_micros, generation, reversal",
    .changing = "basis_micros, basis_days, cause, cause_id, earn_time, earned_micros"};

// The entry of a row of kFeeSegments, whether it is earned or only frozen.
FeeEntry SegmentFeeOf(mysql::RowReader& row);

// The fields by which fees may be filtered.
std::vector<mysql::FilterField> FeeFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class FeeStore {
 public:
  explicit FeeStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The account's side of an entry that was earned or reversed; nullopt while it is only frozen.
  absl::StatusOr<std::optional<FeeEntry>> FindEarned(absl::Time deadline, const Uuid& account, const Uuid& fee) const;

  // The account's side of invoices: every entry, frozen, accrued and reversed, as AccrueFees and its like take them.
  // `invoices` must not be empty.
  absl::StatusOr<std::vector<FeeEntry>> ListOfInvoices(absl::Time deadline, const Uuid& account,
                                                       const std::vector<Uuid>& invoices) const;

  // Whether the partner's side has the entry.
  absl::StatusOr<bool> Exists(absl::Time deadline, const Uuid& partner, const Uuid& fee) const;

  // The partner's entries, oldest first.
  absl::StatusOr<mysql::Page<FeeEntry>> List(absl::Time deadline, const Uuid& partner,
                                             const mysql::PageQuery& query) const;

  // The account's side: as its invoice froze it, a new row; and any entry once it is earned or reversed, for a change
  // with its event (FeeEvents).
  static mysql::RowWrite FrozenRow(const FeeEntry& fee);
  static mysql::RowWrite EarnedRow(const FeeEntry& fee);

  // The partner's side, a new row.
  static mysql::RowWrite AccruedRow(const FeeEntry& fee);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
