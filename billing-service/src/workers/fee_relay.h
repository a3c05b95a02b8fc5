// The consumer "fees": enters on the partner's side what invoices earned and what of it was reversed.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/partner_state.h"
#include "billing-service/src/store/fee_hold_store.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/partner_state_store.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// Follows FEE_EARNED and FEE_REVERSED, one event per entry. Account and partner are different tenants, hence two
// commits, each with its own side of the ledger; the entry's id derives from invoice, line, segment, generation and
// reversal, so a delivery that comes twice makes one entry. A reversal that leaves a corrected fee below zero is
// followed by an entry that gives the correction back.
class FeeRelay {
 public:
  // All must outlive the relay that the consumer is given to; so must this object.
  FeeRelay(events::Committer& committer, const FeeStore& fees, const PartnerStateStore& partners,
           const FeeHoldStore& holds)
      : committer_(committer), fees_(fees), partners_(partners), holds_(holds) {}

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;
  // The entry `earned` on the partner's side.
  absl::Status Enter(const FeeEntry& earned, const EnteredFee& entered, const rpc::WorkerAct& act,
                     absl::Time deadline) const;
  // Error: UNAVAILABLE FEE_NOT_ENTERED while the fee that is reversed is on its way.
  absl::StatusOr<FeeFate> FateIn(absl::Time deadline, const FeeEntry& fee, const EnteredFee& entered,
                                 const PartnerState& partner) const;

  events::Committer& committer_;
  const FeeStore& fees_;
  const PartnerStateStore& partners_;
  const FeeHoldStore& holds_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_
