// Why an invoice's amounts are what they are: recomputed from what was stored when it opened.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_EXPLANATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_EXPLANATION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/explanation.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/paid_part.h"
#include "billing-service/src/domain/tax.h"

namespace countersign::billing {

// Net by line, tax by rate, what was credited and paid, and what is due. `invoice` has its credits; `rates` are all
// versions of its tax region, `paid_parts` what stands paid on it. Errors: DATA_LOSS when what is stored does not give
// the stored amounts; OUT_OF_RANGE.
absl::StatusOr<Explanation> ExplainInvoice(const Invoice& invoice, const std::vector<TaxRate>& rates,
                                           const std::vector<PaidPart>& paid_parts);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_EXPLANATION_H_
