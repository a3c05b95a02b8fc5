#include "billing-service/src/store/refund_store.h"

#include <optional>
#include <utility>

#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kRefunds = {
    .name = "refunds",
    .key = "account_id, refund_id",
    .fixed = "currency, amount_micros, bank_reference, reason, refund_date, create_time"};

Refund RefundOf(mysql::RowReader& row) {
  Refund refund;
  refund.account = row.Id();
  refund.id = row.Id();
  refund.amount = row.Amount(row.Text());
  refund.bank_reference = row.Text();
  refund.reason = row.Text();
  refund.date = row.Day();
  refund.create_time = row.Time();
  return refund;
}

}  // namespace

std::vector<mysql::FilterField> RefundFilterFields() {
  using enum mysql::FilterType;
  return {{"bank_reference", "bank_reference", kAscii},
          {"refund_date", "refund_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<Refund> RefundStore::Get(absl::Time deadline, const Uuid& account, const Uuid& refund) const {
  ASSIGN_OR_RETURN(std::optional<Refund> found,
                   mysql::FindOne<Refund>(database_, deadline, kRefunds, {account, refund}, RefundOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("REFUND_NOT_FOUND", "The billing account has no such refund.",
                  {{"billingAccount", account.ToString()}, {"refund", refund.ToString()}});
}

absl::StatusOr<mysql::Page<Refund>> RefundStore::List(absl::Time deadline, const std::optional<Uuid>& account,
                                                      const mysql::PageQuery& query) const {
  return ListOfAccounts<Refund>(database_, deadline, kRefunds, "refund_id", account, query, RefundOf);
}

mysql::RowWrite RefundStore::Row(const Refund& refund) {
  return mysql::Insert(kRefunds, {refund.account, refund.id, refund.amount.currency(), refund.amount.micros(),
                                  refund.bank_reference, refund.reason, refund.date, refund.create_time});
}

}  // namespace countersign::billing
