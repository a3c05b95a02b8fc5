// Tax rates as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_MESSAGES_H_

#include "billing-service/src/domain/tax.h"
#include "countersign/billing/v1/tax_rate.pb.h"

namespace countersign::billing {

v1::TaxRate ToProto(const TaxRate& rate);

// The payload of TAX_RATE_CREATED.
v1::TaxRateEvent EventOf(const TaxRate& rate);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_MESSAGES_H_
