// Messages of accounts on the dunning ladder.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_MESSAGES_H_

#include <cstdint>

#include "billing-service/src/domain/dunning.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/dunning.pb.h"

namespace countersign::billing {

// `account_version` of 0: without an etag, as in lists.
v1::Dunning ToProto(const Dunning& dunning, int64_t account_version);

// The part of a DUNNING_… event's payload that is not the account itself.
v1::BillingAccountEvent AboutDunning(const Dunning& dunning);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_MESSAGES_H_
