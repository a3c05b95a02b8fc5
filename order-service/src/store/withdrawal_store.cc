#include "order-service/src/store/withdrawal_store.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::order {
namespace {

using mysql::Connection;
using mysql::Row;

// A worker's claim crosses tenants: it selects keys only, by the bucket that the worker holds.
constexpr absl::string_view kSelectPartners =
    "SELECT partner_id FROM partner_states WHERE bucket = ? AND withdrawing = 1 AND partner_id > ? "
    "ORDER BY partner_id LIMIT ?";

constexpr absl::string_view kSelectWithdrawal =
    "SELECT inactive_version, withdraw_reason, active FROM partner_states WHERE partner_id = ?";

constexpr absl::string_view kSelectOrders =
    "SELECT order_id FROM orders WHERE partner_id = ? AND state = 'AWAITING_CONFIRMATION' AND order_id > ? "
    "AND seller_version >= ? AND seller_version < ? ORDER BY order_id LIMIT ?";

// No order can come to wait meanwhile that this is about: SubmitOrder holds a share lock on the row until its commit.
constexpr absl::string_view kEndWithdrawal =
    "UPDATE partner_states SET withdrawing = 0 WHERE partner_id = ? AND inactive_version = ?";

}  // namespace

absl::StatusOr<std::vector<Uuid>> WithdrawalStore::ListPartners(absl::Time deadline, int bucket, const Uuid& after,
                                                                int limit) {
  std::vector<Uuid> partners;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Row> rows, reader.Query(kSelectPartners, {bucket, after, limit}));
    partners.clear();
    for (const Row& row : rows) partners.push_back(row.Id(0));
    return absl::OkStatus();
  }));
  return partners;
}

absl::StatusOr<Withdrawal> WithdrawalStore::Get(absl::Time deadline, const Uuid& partner) {
  ASSIGN_OR_RETURN(const auto row, mysql::ReadOne(database_, deadline, kSelectWithdrawal, {partner}));
  if (!row.has_value()) return absl::DataLossError("a partner's state has gone");
  const std::string& reason = row->Bytes(1);
  return Withdrawal{row->Int(0), reason.empty() ? "The partner is not active." : reason, row->Bool(2)};
}

absl::StatusOr<std::vector<OrderName>> WithdrawalStore::ListOrders(absl::Time deadline, const Uuid& partner,
                                                                   const Withdrawal& withdrawal, const Uuid& after,
                                                                   int limit) {
  const int oldest = withdrawal.active ? 1 : 0;
  std::vector<OrderName> names;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     reader.Query(kSelectOrders, {partner, after, oldest, withdrawal.inactive_version, limit}));
    names.clear();
    for (const Row& row : rows) names.push_back({partner, row.Id(0)});
    return absl::OkStatus();
  }));
  return names;
}

absl::Status WithdrawalStore::End(absl::Time deadline, const Uuid& partner, const Withdrawal& withdrawal) {
  return database_.Transact(deadline, [&](Connection& connection) {
    return connection.Execute(kEndWithdrawal, {partner, withdrawal.inactive_version}).status();
  });
}

}  // namespace countersign::order
