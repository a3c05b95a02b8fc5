// Fee entries: the account's side, frozen, earned and reversed, and the partner's side.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/fee_hold.h"
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

// The partner's side. The columns from invoice_id to cause_id are those of kFeeSegments.
inline constexpr mysql::Table kFees = {
    .name = "fees",
    .key = "partner_id, fee_id",
    .fixed =
        "account_id, invoice_id, line, segment, subscription_id, tranche, rate_basis_points, days, period_days, "
        "service_start_date, currency, line_net_micros, generation, reversal, basis_micros, basis_days, cause, "
        "cause_id, amount_micros, accrue_time, state, hold_id, forgone_micros, reason, bucket",
    .changing = "stated"};

// The same rows with the state that follows from what covers an entry. Joins only, so that the server merges the table
// into the statement instead of making it.
inline constexpr mysql::Table kFeesAsSeen = {
    .name =
        "(SELECT f.partner_id, f.fee_id, f.account_id, f.invoice_id, f.line, f.segment, f.subscription_id, f.tranche, "
        "f.rate_basis_points, f.days, f.period_days, f.service_start_date, f.currency, f.line_net_micros, "
        "f.generation, f.reversal, f.basis_micros, f.basis_days, f.cause, f.cause_id, f.amount_micros, f.accrue_time, "
        "f.hold_id, f.forgone_micros, f.reason, f.bucket, f.stated, "
        "CASE WHEN f.state = 'NOT_EARNED' THEN f.state WHEN h.state = 'FORFEITED' THEN h.state "
        "WHEN p.state = 'PAID' THEN p.state WHEN l.fee_id IS NOT NULL THEN 'STATED' "
        "WHEN h.state = 'ACTIVE' OR g.state = 'ACTIVE' THEN 'HELD' ELSE 'ACCRUED' END AS state FROM fees f "
        "LEFT JOIN fee_holds h ON h.partner_id = f.partner_id AND h.hold_id = f.hold_id "
        "LEFT JOIN fee_holds g ON g.partner_id = f.partner_id AND g.subscription_id = f.subscription_id "
        "LEFT JOIN statement_lines l ON l.partner_id = f.partner_id AND l.fee_id = f.fee_id "
        "LEFT JOIN statements s ON s.partner_id = l.partner_id AND s.statement_id = l.statement_id "
        "LEFT JOIN payouts p ON p.partner_id = s.partner_id AND p.currency = s.currency "
        "AND p.first_number <= s.number AND p.last_number >= s.number) fees",
    .key = kFees.key,
    .fixed = kFees.fixed,
    .changing = kFees.changing};

FeeEntry PartnersFeeOf(mysql::RowReader& row);

// The entry of a row of kFeeSegments, whether it is earned or only frozen.
FeeEntry SegmentFeeOf(mysql::RowReader& row);

// Whether an entry is on the partner's side yet, and what it reverses there.
struct EnteredFee {
  bool done = false;                 // The entry itself.
  std::optional<FeeEntry> reversed;  // Of a reversal: the fee that it reverses, with its stored state.
};

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

  // An entry of the partner. Error: NOT_FOUND FEE_NOT_FOUND.
  absl::StatusOr<FeeEntry> Get(absl::Time deadline, const Uuid& partner, const Uuid& fee) const;

  // All that the partner's side has of the fee's segment and generation: the fee, its reversals and corrections.
  absl::StatusOr<std::vector<FeeEntry>> ListOfSegment(absl::Time deadline, const FeeEntry& fee) const;

  // The same of an entry of the account's side.
  absl::StatusOr<EnteredFee> FindEntered(absl::Time deadline, const FeeEntry& entry) const;

  // The entries that were entered under the hold, in the order of their ids, from the one behind `after` on.
  absl::StatusOr<std::vector<FeeEntry>> ListUnderHold(absl::Time deadline, const FeeHold& hold, const Uuid& after,
                                                      int limit) const;

  // The partner's entries, oldest first.
  absl::StatusOr<mysql::Page<FeeEntry>> List(absl::Time deadline, const Uuid& partner,
                                             const mysql::PageQuery& query) const;

  // The account's side: as its invoice froze it, a new row; and any entry once it is earned or reversed, for a change
  // with its event (FeeEvents).
  static mysql::RowWrite FrozenRow(const FeeEntry& fee);
  static mysql::RowWrite EarnedRow(const FeeEntry& fee);

  // The partner's side, a new row, and what it posts.
  static absl::StatusOr<std::vector<mysql::RowWrite>> AccruedRows(const FeeEntry& fee);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_FEE_STORE_H_
