// Orders by what people read to each other.
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"
#include "order-service/src/store/order_row.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

// "bucket IN (?, …)" and what it binds: the partner's bucket, or all. Each way to find an order is an index behind it.
struct Buckets {
  std::string sql;
  std::vector<mysql::Parameter> parameters;
};

Buckets BucketsOf(const std::optional<Uuid>& partner) {
  Buckets buckets;
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
    if (!partner.has_value() || events::BucketOf(*partner) == bucket) buckets.parameters.emplace_back(bucket);
  }
  const std::vector<std::string> marks(buckets.parameters.size(), "?");
  buckets.sql = absl::StrCat("WHERE bucket IN (", absl::StrJoin(marks, ", "), ")");
  if (partner.has_value()) {
    buckets.sql += " AND partner_id = ?";
    buckets.parameters.emplace_back(*partner);
  }
  return buckets;
}

bool IsAscii(absl::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::vector<Order>> OrderStore::Search(absl::Time deadline, const std::optional<Uuid>& partner,
                                                      const std::string& text, const std::optional<Uuid>& account,
                                                      int limit) const {
  const Buckets buckets = BucketsOf(partner);
  std::vector<std::pair<absl::string_view, mysql::Parameter>> ways = {{"partner_reference", text},
                                                                      {"purchase_order_number", text}};
  if (IsAscii(text)) ways.emplace_back("order_number", text);
  if (account.has_value()) ways = {{"billing_account_id", *account}};
  std::vector<Order> orders;
  std::set<std::string> seen;
  for (const auto& [column, value] : ways) {
    std::vector<mysql::Parameter> parameters = buckets.parameters;
    parameters.push_back(value);
    parameters.emplace_back(limit);
    ASSIGN_OR_RETURN(
        std::vector<Order> found,
        mysql::ListBy<Order>(database_, deadline,
                             SelectFrom(kOrders, absl::StrCat(buckets.sql, " AND ", column, " = ? LIMIT ?")),
                             parameters, OrderOf));
    for (Order& order : found) {
      if (orders.size() < static_cast<size_t>(limit) && seen.insert(order.name.id.ToString()).second) {
        orders.push_back(std::move(order));
      }
    }
  }
  return orders;
}

}  // namespace countersign::order
