// The invoices, the commitment and the fee that an order would bring, reckoned before anybody has confirmed it.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ORDER_OUTLOOK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ORDER_OUTLOOK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/activation.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

struct OrderOutlook {
  // The invoices that its first lines are on, with the lines of the order alone, by their day. Net, tax and total are
  // of those lines; an invoice has no number yet. None for a change of partner, and for seats from the renewal on,
  // whose price is not known.
  std::vector<Invoice> first_invoices;
  Money commitment;  // All its lines, before tax.
  Money fee;         // Of the order's partner on those lines, when all of them are paid.
};

// Bills what the activation `activated` started or changed, by the rules and prices of now, until the end of the
// initial term; for added seats until the renewal, for a renewal until the end of the next term. Errors: those of Bill.
absl::StatusOr<OrderOutlook> OutlookOf(const ActivationResult& activated, const ConfirmedOrder& order);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ORDER_OUTLOOK_H_
