#include "billing-service/src/store/transfer_code_store.h"

#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kTransferCodes = {.name = "transfer_codes",
                                         .key = "account_id, transfer_code_id",
                                         .fixed = "subscription_id, create_time, expire_time",
                                         .changing = "partner_id, order_id, use_time, version"};

TransferCode TransferCodeOf(mysql::RowReader& row) {
  TransferCode code;
  code.account = row.Id();
  code.id = row.Id();
  code.subscription = row.Id();
  code.create_time = row.Time();
  code.expire_time = row.Time();
  const std::optional<Uuid> partner = row.OptionalId();
  const std::optional<Uuid> order = row.OptionalId();
  if (partner.has_value() && order.has_value()) code.order = OrderReference{*partner, *order};
  code.use_time = row.OptionalTime();
  code.version = row.Int();
  return code;
}

absl::StatusOr<TransferCode> CodeOrNotFound(const std::optional<TransferCode>& found) {
  if (found.has_value()) return *found;
  return TransferCodeNotFound();
}

}  // namespace

std::vector<mysql::FilterField> TransferCodeFilterFields() {
  using enum mysql::FilterType;
  return {{"create_time", "create_time", kTime}, {"expire_time", "expire_time", kTime}};
}

absl::StatusOr<std::optional<TransferCode>> TransferCodeStore::Find(absl::Time deadline, const Uuid& account,
                                                                    const Uuid& code) const {
  return mysql::FindOne<TransferCode>(database_, deadline, kTransferCodes, {account, code}, TransferCodeOf);
}

absl::StatusOr<TransferCode> TransferCodeStore::Get(absl::Time deadline, const Uuid& account, const Uuid& code) const {
  ASSIGN_OR_RETURN(const std::optional<TransferCode> found, Find(deadline, account, code));
  return CodeOrNotFound(found);
}

absl::StatusOr<TransferCode> TransferCodeStore::Resolve(absl::Time deadline, const Uuid& code) const {
  // It asks every shard: whoever was given a code knows no account, and does this once per change of partner.
  static const std::string kById = mysql::SelectFrom(kTransferCodes, "WHERE transfer_code_id = ?");
  ASSIGN_OR_RETURN(const std::optional<TransferCode> found,
                   mysql::FindBy<TransferCode>(database_, deadline, kById, {code}, TransferCodeOf));
  return CodeOrNotFound(found);
}

absl::StatusOr<mysql::Page<TransferCode>> TransferCodeStore::List(absl::Time deadline, const Uuid& account,
                                                                  const mysql::PageQuery& query) const {
  return mysql::ListByTime<TransferCode>(
      database_, deadline, {.table = kTransferCodes, .parent = "account_id = ?", .id = "transfer_code_id"}, {account},
      query, TransferCodeOf, [](const TransferCode& code) { return mysql::TimePosition{code.create_time, code.id}; });
}

mysql::RowWrite TransferCodeStore::Row(const TransferCode& code) {
  std::optional<Uuid> partner;
  std::optional<Uuid> order;
  if (code.order.has_value()) {
    partner = code.order->partner;
    order = code.order->order;
  }
  return mysql::Put(kTransferCodes, {code.account, code.id, code.subscription, code.create_time, code.expire_time,
                                     partner, order, code.use_time, code.version});
}

}  // namespace countersign::billing
