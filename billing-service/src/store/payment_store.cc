#include "billing-service/src/store/payment_store.h"

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/rows.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kPayments = {
    .name = "payments",
    .key = "account_id, payment_id",
    .fixed = "receipt_id, currency, amount_micros, credit_micros, value_date, create_time",
    .changing = "state, version"};

constexpr mysql::Table kPaymentAllocations = {
    .name = "payment_allocations", .key = "account_id, payment_id, invoice_id", .fixed = "currency, amount_micros"};

constexpr absl::string_view kSelectPayment = "SELECT 1 FROM payments WHERE account_id = ? AND payment_id = ?";

std::vector<mysql::RowWrite> PaymentRows(const Payment& payment) {
  std::vector<mysql::RowWrite> rows = {
      mysql::Insert(kPayments, {payment.account, payment.id, payment.receipt, payment.amount.currency(),
                                payment.amount.micros(), payment.allocation.credit.micros(), payment.value_date,
                                payment.create_time, NameOf(payment.state), payment.version})};
  for (const AllocatedPart& part : payment.allocation.parts) {
    rows.push_back(mysql::Insert(kPaymentAllocations, {payment.account, payment.id, part.invoice,
                                                       part.amount.currency(), part.amount.micros()}));
  }
  return rows;
}

}  // namespace

absl::StatusOr<bool> PaymentStore::Exists(absl::Time deadline, const Uuid& account, const Uuid& payment) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectPayment, {account, payment}));
  return row.has_value();
}

absl::StatusOr<std::vector<mysql::RowWrite>> PaymentStore::Rows(const Settlement& settlement) {
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(settlement.change));
  AppendRows(rows, PaymentRows(settlement.payment));
  return rows;
}

}  // namespace countersign::billing
