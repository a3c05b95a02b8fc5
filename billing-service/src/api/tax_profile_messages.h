// Tax profiles as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_MESSAGES_H_

#include "billing-service/src/domain/billing_account.h"
#include "countersign/billing/v1/tax_profile.pb.h"

namespace countersign::billing {

v1::TaxProfile TaxProfileOf(const BillingAccount& account);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_MESSAGES_H_
