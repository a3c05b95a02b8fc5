// How partners know their orders: the labels on fee statements and exports.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ORDER_LABEL_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ORDER_LABEL_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/order_label.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The SQL of the order by which `partner` (an expression) is of record for the subscription of the row `s` of
// subscriptions: that which began it, where it is the partner's, else the partner's last change of partner; NULL: none.
std::string PartnersOrder(absl::string_view s, absl::string_view partner);

// The columns that LabelOf reads, of the row `alias` of order_labels, which a left join may leave NULL.
std::string LabelColumns(absl::string_view alias);
OrderLabel LabelOf(mysql::RowReader& row);

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class OrderLabelStore {
 public:
  explicit OrderLabelStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The label of the partner's order behind each of its fees, in their order; an empty one where there is none.
  absl::StatusOr<std::vector<OrderLabel>> OfFees(absl::Time deadline, const Uuid& partner,
                                                 const std::vector<FeeEntry>& fees) const;

  static mysql::RowWrite Row(const Uuid& account, const Uuid& order, const OrderLabel& label);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ORDER_LABEL_STORE_H_
