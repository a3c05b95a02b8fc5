// The erasure of a customer's orders: what must have ended before, and what goes.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_ERASURE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_ERASURE_H_

#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

// OK where each order is COMPLETED, DECLINED, EXPIRED or CANCELLED. Error: FAILED_PRECONDITION CUSTOMER_NOT_SETTLED,
// which says how many are not, and the number of the first.
absl::Status CheckOrdersEnded(const std::vector<Order>& orders);

// An order that has ended, without the words that were written to the customer and by it: its next version. Its
// acceptance and its earlier revisions lose theirs in the same change.
Order Erased(const Order& order, absl::Time now);

// The billing accounts of the orders, in the order of their ids: those of the customer's orders, and those that came to
// it with a change of partner.
std::set<Uuid> BillingAccountsOf(const std::vector<Order>& orders);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_ERASURE_H_
