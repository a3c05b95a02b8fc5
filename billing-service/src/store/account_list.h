// Lists of an account's rows, or of all accounts', oldest first.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_LIST_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_LIST_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "common/mysql/read.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// A page of a table whose rows belong to an account and have a create_time; `id` is the column that orders equal times.
// Without an account it asks every shard: a list for operators. Errors: those of mysql::ListByTime.
template <typename Item>
absl::StatusOr<mysql::Page<Item>> ListOfAccounts(mysql::Database& database, absl::Time deadline,
                                                 const mysql::Table& table, absl::string_view id,
                                                 const std::optional<Uuid>& account, const mysql::PageQuery& query,
                                                 mysql::ItemOf<Item> item_of) {
  std::vector<mysql::Parameter> parent;
  if (account.has_value()) parent.emplace_back(*account);
  return mysql::ListByTime<Item>(database, deadline,
                                 {.table = table, .parent = account.has_value() ? "account_id = ?" : "", .id = id},
                                 std::move(parent), query, item_of, [](const Item& item) {
                                   return mysql::TimePosition{item.create_time, item.id};
                                 });
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_LIST_H_
