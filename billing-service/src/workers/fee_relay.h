// The consumer "fees": enters on the partner's side what invoices earned and what of it was reversed.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/store/fee_store.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Follows FEE_EARNED and FEE_REVERSED, one event per entry. Account and partner are different tenants, hence two
// commits, each with its own side of the ledger; the entry's id derives from invoice, line, segment, generation and
// reversal, so a delivery that comes twice makes one entry.
class FeeRelay {
 public:
  // All must outlive the relay that the consumer is given to; so must this object.
  FeeRelay(events::Committer& committer, const FeeStore& fees) : committer_(committer), fees_(fees) {}

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;

  events::Committer& committer_;
  const FeeStore& fees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_
