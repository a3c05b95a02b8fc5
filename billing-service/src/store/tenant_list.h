// Lists of the rows of an account or a partner, or of all of them, oldest first.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TENANT_LIST_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TENANT_LIST_H_

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

// A page of a table whose rows have a create_time; `id` is the column that orders equal times, `of_tenant` the
// condition that binds the tenant. Without a tenant it asks every shard: a list for operators. Errors: those of
// mysql::ListByTime.
template <typename Item>
absl::StatusOr<mysql::Page<Item>> ListOfTenants(mysql::Database& database, absl::Time deadline,
                                                const mysql::Table& table, absl::string_view id,
                                                absl::string_view of_tenant, const std::optional<Uuid>& tenant,
                                                const mysql::PageQuery& query, mysql::ItemOf<Item> item_of) {
  std::vector<mysql::Parameter> parent;
  if (tenant.has_value()) parent.emplace_back(*tenant);
  return mysql::ListByTime<Item>(
      database, deadline, {.table = table, .parent = tenant.has_value() ? of_tenant : "", .id = id}, std::move(parent),
      query, item_of, [](const Item& item) { return mysql::TimePosition{item.create_time, item.id}; });
}

// Of an account, or (nullopt) of all.
template <typename Item>
absl::StatusOr<mysql::Page<Item>> ListOfAccounts(mysql::Database& database, absl::Time deadline,
                                                 const mysql::Table& table, absl::string_view id,
                                                 const std::optional<Uuid>& account, const mysql::PageQuery& query,
                                                 mysql::ItemOf<Item> item_of) {
  return ListOfTenants<Item>(database, deadline, table, id, "account_id = ?", account, query, item_of);
}

// Of a partner, or (nullopt) of all.
template <typename Item>
absl::StatusOr<mysql::Page<Item>> ListOfPartners(mysql::Database& database, absl::Time deadline,
                                                 const mysql::Table& table, absl::string_view id,
                                                 const std::optional<Uuid>& partner, const mysql::PageQuery& query,
                                                 mysql::ItemOf<Item> item_of) {
  return ListOfTenants<Item>(database, deadline, table, id, "partner_id = ?", partner, query, item_of);
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TENANT_LIST_H_
