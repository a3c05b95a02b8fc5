#include "order-service/src/store/order_list_store.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/mysql/change.h"
#include "order-service/src/domain/order_number.h"
#include "order-service/src/store/order_row.h"

namespace countersign::order {
namespace {

using mysql::Connection;
using mysql::Parameter;
using mysql::Row;

// Between the beginning and the end of each comes the caller's condition.
constexpr absl::string_view kSelectOfPartner =
    "SELECT " COUNTERSIGN_ORDER_COLUMNS " FROM orders o WHERE o.partner_id = ? AND o.order_id > ?";
constexpr absl::string_view kInOrderOfId = " ORDER BY o.order_id LIMIT ?";

// A bucket's rows are on one shard (docs/adr/0002).
constexpr absl::string_view kSelectOfBucket =
    "SELECT " COUNTERSIGN_ORDER_COLUMNS " FROM orders o WHERE o.bucket = ? AND o.order_number > ?";
constexpr absl::string_view kInOrderOfNumber = " ORDER BY o.order_number LIMIT ?";

std::vector<Parameter> Parameters(Parameter key, Parameter after, const mysql::Condition& condition, int limit) {
  std::vector<Parameter> parameters = {std::move(key), std::move(after)};
  parameters.insert(parameters.end(), condition.parameters.begin(), condition.parameters.end());
  parameters.push_back(limit);
  return parameters;
}

// One more than asked for tells whether there is another page.
OrderListPage PageOf(std::vector<Order> orders, int limit) {
  const bool has_more = orders.size() > static_cast<size_t>(limit);
  if (has_more) orders.resize(limit);
  return {std::move(orders), has_more};
}

}  // namespace

OrderPosition OrderPosition::Of(const Order& order) {
  return {mysql::BucketOf(order.name.partner), OrderNumber(order.name.id)};
}

std::string OrderPosition::ToText() const { return absl::StrCat(bucket, "/", order_number); }

OrderPosition OrderPosition::FromText(const std::string& text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  OrderPosition position;
  if (absl::SimpleAtoi(parts.first, &position.bucket)) position.order_number = parts.second;
  return position;
}

absl::StatusOr<std::vector<Order>> OrderListStore::Select(absl::Time deadline, const std::string& sql,
                                                          const std::vector<Parameter>& parameters) {
  std::vector<Row> rows;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rows, connection.Query(sql, parameters));
    return absl::OkStatus();
  }));
  std::vector<Order> orders;
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(Order order, ReadOrder(row));
    orders.push_back(std::move(order));
  }
  return orders;
}

absl::StatusOr<OrderListPage> OrderListStore::ListOf(absl::Time deadline, const Uuid& partner,
                                                     const mysql::Condition& condition, const Uuid& after, int limit) {
  const std::string sql = absl::StrCat(kSelectOfPartner, condition.sql, kInOrderOfId);
  ASSIGN_OR_RETURN(std::vector<Order> orders, Select(deadline, sql, Parameters(partner, after, condition, limit + 1)));
  return PageOf(std::move(orders), limit);
}

absl::StatusOr<OrderListPage> OrderListStore::ListAll(absl::Time deadline, const mysql::Condition& condition,
                                                      const OrderPosition& after, int limit) {
  const std::string sql = absl::StrCat(kSelectOfBucket, condition.sql, kInOrderOfNumber);
  std::vector<Order> orders;
  for (int bucket = after.bucket; bucket < mysql::kBuckets; ++bucket) {
    const std::string& start = bucket == after.bucket ? after.order_number : "";
    const int wanted = limit + 1 - static_cast<int>(orders.size());
    ASSIGN_OR_RETURN(std::vector<Order> found, Select(deadline, sql, Parameters(bucket, start, condition, wanted)));
    for (Order& order : found) orders.push_back(std::move(order));
    if (orders.size() > static_cast<size_t>(limit)) break;
  }
  return PageOf(std::move(orders), limit);
}

}  // namespace countersign::order
