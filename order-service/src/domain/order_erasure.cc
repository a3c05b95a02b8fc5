#include "order-service/src/domain/order_erasure.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

bool HasEnded(const Order& order) {
  return order.state == OrderState::kCompleted || order.state == OrderState::kDeclined ||
         order.state == OrderState::kExpired || order.state == OrderState::kCancelled;
}

}  // namespace

absl::Status CheckOrdersEnded(const std::vector<Order>& orders) {
  size_t open = 0;
  std::string first;
  for (const Order& order : orders) {
    if (HasEnded(order)) continue;
    if (open++ == 0) first = absl::StrCat(OrderNumber(order.name.id), " is ", NameOf(order.state));
  }
  if (open == 0) return absl::OkStatus();
  return FailedPrecondition("CUSTOMER_NOT_SETTLED",
                            absl::StrCat("The customer has ", open, " orders that have not ended: ", first,
                                         ". Have them completed or cancelled, then erase the customer."),
                            {{"openOrders", absl::StrCat(open)}});
}

Order Erased(const Order& order, absl::Time now) {
  Order erased = order;
  erased.state_reason.clear();
  erased.terms.customer_note.clear();
  erased.customer_name.clear();
  erased.erase_time = erased.update_time = now;
  ++erased.version;
  return erased;
}

std::set<Uuid> BillingAccountsOf(const std::vector<Order>& orders) {
  std::set<Uuid> accounts;
  for (const Order& order : orders) {
    if (order.billing_account.has_value()) accounts.insert(*order.billing_account);
  }
  return accounts;
}

}  // namespace countersign::order
