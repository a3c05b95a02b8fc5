#include "order-service/src/store/withdrawal_store.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"

namespace countersign::order {
namespace {

// A worker's claim crosses tenants: it selects keys only, by the bucket that the worker holds.
constexpr absl::string_view kSelectPartners =
    "SELECT partner_id FROM partner_states WHERE bucket = ? AND withdrawing = 1 AND partner_id > ? "
    "ORDER BY partner_id LIMIT ?";

constexpr absl::string_view kWithdrawingBuckets =
    "SELECT leases.bucket FROM leases WHERE EXISTS (SELECT 1 FROM partner_states "
    "WHERE partner_states.bucket = leases.bucket AND partner_states.withdrawing = 1)";

constexpr absl::string_view kSelectWithdrawal =
    "SELECT inactive_version, withdraw_reason, active FROM partner_states WHERE partner_id = ?";

constexpr absl::string_view kSelectOrders =
    "SELECT order_id FROM orders WHERE partner_id = ? AND state = 'AWAITING_CONFIRMATION' AND order_id > ? "
    "AND seller_version >= ? AND seller_version < ? ORDER BY order_id LIMIT ?";

// No order can come to wait meanwhile that this is about: SubmitOrder holds a share lock on the row until its commit.
constexpr absl::string_view kEndWithdrawal =
    "UPDATE partner_states SET withdrawing = 0 WHERE partner_id = ? AND inactive_version = ?";

Withdrawal WithdrawalOf(mysql::RowReader& row) {
  Withdrawal withdrawal{.inactive_version = row.Int(), .reason = row.Text(), .active = row.Bool()};
  if (withdrawal.reason.empty()) withdrawal.reason = "The partner is not active.";
  return withdrawal;
}

}  // namespace

absl::StatusOr<std::vector<Uuid>> WithdrawalStore::ListPartners(absl::Time deadline, int bucket, const Uuid& after,
                                                                int limit) const {
  return mysql::ListBy<Uuid>(database_, deadline, kSelectPartners, {bucket, after, limit},
                             [](mysql::RowReader& row) { return row.Id(); });
}

absl::StatusOr<std::vector<int>> WithdrawalStore::ListBuckets(absl::Time deadline) const {
  return events::ListBuckets(database_, deadline, kWithdrawingBuckets, {});
}

absl::StatusOr<Withdrawal> WithdrawalStore::Get(absl::Time deadline, const Uuid& partner) const {
  ASSIGN_OR_RETURN(std::optional<Withdrawal> found,
                   mysql::FindBy<Withdrawal>(database_, deadline, kSelectWithdrawal, {partner}, WithdrawalOf));
  if (!found.has_value()) return absl::DataLossError("A partner's state is gone.");
  return *std::move(found);
}

absl::StatusOr<std::vector<OrderName>> WithdrawalStore::ListOrders(absl::Time deadline, const Uuid& partner,
                                                                   const Withdrawal& withdrawal, const Uuid& after,
                                                                   int limit) const {
  const int oldest = withdrawal.active ? 1 : 0;
  return mysql::ListBy<OrderName>(database_, deadline, kSelectOrders,
                                  {partner, after, oldest, withdrawal.inactive_version, limit},
                                  [&](mysql::RowReader& row) { return OrderName{.partner = partner, .id = row.Id()}; });
}

absl::Status WithdrawalStore::End(absl::Time deadline, const Uuid& partner, const Withdrawal& withdrawal) const {
  return database_.Transact(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kEndWithdrawal, {partner, withdrawal.inactive_version}).status();
  });
}

}  // namespace countersign::order
