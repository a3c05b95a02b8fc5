// Requests of TaxRateService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/tax.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/tax_rate_service.pb.h"

namespace countersign::billing {

struct CreateTaxRateCommand {
  Uuid tenant;  // The rate itself: rates belong to nobody.
  TaxRate rate;
};
absl::StatusOr<CreateTaxRateCommand> ParseCreateTaxRate(const rpc::Call& call, const v1::CreateTaxRateRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_REQUESTS_H_
