// Orders by the page: one partner's, or everybody's.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_LIST_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_LIST_STORE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// Thread-safe. Errors: those of mysql::Database; DATA_LOSS for a row that this service did not write.
class OrderListStore {
 public:
  explicit OrderListStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The partner's orders in the order of their ids; without a partner everybody's, bucket by bucket, each by an index.
  // A condition names the columns of orders as o.<column>.
  absl::StatusOr<mysql::Page<Order>> List(absl::Time deadline, const std::optional<Uuid>& partner,
                                          const mysql::PageQuery& query);

 private:
  absl::StatusOr<mysql::Page<Order>> ListAll(absl::Time deadline, const mysql::PageQuery& query);

  mysql::Database& database_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_LIST_STORE_H_
