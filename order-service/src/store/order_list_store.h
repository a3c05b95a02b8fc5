// Orders by the page: one partner's, or everybody's.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_LIST_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_LIST_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/condition.h"
#include "common/mysql/database.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// Where a page of everybody's orders starts: they are ordered by bucket, then by order number.
struct OrderPosition {
  int bucket = 0;
  std::string order_number;  // Empty: from the bucket's beginning.

  static OrderPosition Of(const Order& order);
  std::string ToText() const;                              // "17/CS-7K3M-Q9XT-2PBD"
  static OrderPosition FromText(const std::string& text);  // The beginning for what ToText did not make.
};

struct OrderListPage {
  std::vector<Order> orders;
  bool has_more = false;  // Never with an empty page.
};

// Thread-safe. A `condition` names the columns of orders as o.<column>. Errors of every method: those of
// mysql::Database; DATA_LOSS for a row that this service did not write.
class OrderListStore {
 public:
  explicit OrderListStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The partner's orders with an id above `after` that meet `condition`, at most `limit`, in order of their ids.
  absl::StatusOr<OrderListPage> ListOf(absl::Time deadline, const Uuid& partner, const mysql::Condition& condition,
                                       const Uuid& after, int limit);

  // Everybody's orders after `after` that meet `condition`, at most `limit`: bucket by bucket, each by an index.
  absl::StatusOr<OrderListPage> ListAll(absl::Time deadline, const mysql::Condition& condition,
                                        const OrderPosition& after, int limit);

 private:
  absl::StatusOr<std::vector<Order>> Select(absl::Time deadline, const std::string& sql,
                                            const std::vector<mysql::Parameter>& parameters);

  mysql::Database& database_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_LIST_STORE_H_
