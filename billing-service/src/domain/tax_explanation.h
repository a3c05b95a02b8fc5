// The tax of an invoice, explained by rate and line.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TAX_EXPLANATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TAX_EXPLANATION_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/explanation.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/tax.h"

namespace countersign::billing {

// `rates` are all versions of its region. Errors: those of ExplainInvoice.
absl::StatusOr<Explanation> ExplainTax(const Invoice& invoice, const std::vector<TaxRate>& rates);

// OK when a recomputed amount is the stored one, else DATA_LOSS that says what differs.
absl::Status CheckRecomputed(absl::string_view what, const Money& recomputed, const Money& stored);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TAX_EXPLANATION_H_
