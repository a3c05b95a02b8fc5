#include "billing-service/src/store/refund_store.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

// By the account's part of the primary key; a refund is rare.
constexpr absl::string_view kRefundOfTransfer =
    "SELECT refund_id FROM refunds WHERE account_id = ? AND bank_reference = ? AND refund_id <> ? LIMIT 1";

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

absl::Status RefundStore::CheckFree(absl::Time deadline, const Refund& refund) const {
  ASSIGN_OR_RETURN(
      const std::optional<mysql::Row> other,
      mysql::ReadOne(database_, deadline, kRefundOfTransfer, {refund.account, refund.bank_reference, refund.id}));
  if (!other.has_value()) return absl::OkStatus();
  const std::string name =
      absl::StrCat("billingAccounts/", refund.account.ToString(), "/refunds/", other->Id(0).ToString());
  return AlreadyExists("REFUND_REFERENCE_TAKEN",
                       absl::StrCat("The account's refund ", name,
                                    " names this bank_reference. Check whether the money was paid back "
                                    "before; another transfer has a reference of its own."),
                       {{"refund", name}, {"bankReference", refund.bank_reference}});
}

mysql::RowWrite RefundStore::Row(const Refund& refund) {
  return mysql::Insert(kRefunds, {refund.account, refund.id, refund.amount.currency(), refund.amount.micros(),
                                  refund.bank_reference, refund.reason, refund.date, refund.create_time});
}

}  // namespace countersign::billing
