// What an order would cost and earn, before anybody has confirmed it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_PREVIEW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_PREVIEW_H_

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "order-service/src/domain/order.h"

namespace countersign::order {

inline constexpr int kFirstYearFeeBasisPoints = 1200;  // Of what the customer pays, net of tax.

// The lines that start on one day, for their first billing period.
struct FirstInvoice {
  Period period;
  Money net;
};

struct OrderPreview {
  std::vector<FirstInvoice> first_invoices;  // By their first day.
  Money commitment;                          // All billing periods of the initial term.
  Money estimated_fee;                       // Of all of it.
};

// If the customer confirmed on `today`. Error: OUT_OF_RANGE beyond what Money holds.
absl::StatusOr<OrderPreview> PreviewOf(const OrderTerms& terms, Date today);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_PREVIEW_H_
