#include "order-service/src/store/order_list_store.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "order-service/src/domain/order_number.h"
#include "order-service/src/store/order_row.h"

namespace countersign::order {
namespace {

constexpr absl::string_view kSelectPage =
    "SELECT " COUNTERSIGN_ORDER_COLUMNS " FROM orders o WHERE o.partner_id = ? AND o.order_id > ?";
constexpr absl::string_view kInOrderOfId = " ORDER BY o.order_id LIMIT ?";

// A bucket's rows are on one shard (docs/adr/0002).
constexpr absl::string_view kSelectPageOfBucket =
    "SELECT " COUNTERSIGN_ORDER_COLUMNS " FROM orders o WHERE o.bucket = ? AND o.order_number > ?";
constexpr absl::string_view kInOrderOfNumber = " ORDER BY o.order_number LIMIT ?";

// Where an order stands in everybody's: "17/CS-7K3M-Q9XT-2PBD", by bucket, then by order number.
std::string PositionOf(const Order& order) {
  return absl::StrCat(events::BucketOf(order.name.partner), "/", OrderNumber(order.name.id));
}

}  // namespace

absl::StatusOr<mysql::Page<Order>> OrderListStore::List(absl::Time deadline, const std::optional<Uuid>& partner,
                                                        const mysql::PageQuery& query) {
  if (!partner.has_value()) return ListAll(deadline, query);
  return mysql::ReadPage<Order>(
      database_, deadline,
      mysql::StatementOf(kSelectPage, {*partner, mysql::IdPosition(query.after)}, query, kInOrderOfId), ReadOrder,
      [](const Order& order) { return order.name.id.ToString(); });
}

absl::StatusOr<mysql::Page<Order>> OrderListStore::ListAll(absl::Time deadline, const mysql::PageQuery& query) {
  const std::pair<std::string, std::string> after = absl::StrSplit(query.after, absl::MaxSplits('/', 1));
  int bucket = 0;
  std::string number = absl::SimpleAtoi(after.first, &bucket) ? after.second : "";
  std::vector<Order> orders;
  for (; bucket < events::kBuckets && orders.size() <= static_cast<size_t>(query.size); ++bucket, number.clear()) {
    mysql::PageQuery rest = query;
    rest.size = std::max(1, query.size - static_cast<int>(orders.size()));  // PageOf cuts off what is too much.
    const auto statement = mysql::StatementOf(kSelectPageOfBucket, {bucket, number}, rest, kInOrderOfNumber);
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                     mysql::ReadRows(database_, deadline, statement.sql, statement.parameters));
    for (const mysql::Row& row : rows) {
      ASSIGN_OR_RETURN(Order order, ReadOrder(row));
      orders.push_back(std::move(order));
    }
  }
  return mysql::PageOf<Order>(std::move(orders), query.size, PositionOf);
}

}  // namespace countersign::order
