// Corrections of fees, given back where the fee is reversed after them.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_GIVE_BACK_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_GIVE_BACK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/store/fee_store.h"
#include "common/events/committer.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// To be called after each entry that takes something of a fee, a reversal or a correction: whichever of the two comes
// last sees both, so that the fee does not stay below zero. `fee` is any entry of its segment and generation.
// Idempotent. Errors: those of the store and of the committer.
absl::Status GiveBackCorrections(const FeeStore& fees, events::Committer& committer, const rpc::WorkerAct& act,
                                 const FeeEntry& fee, absl::Time deadline);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_GIVE_BACK_H_
