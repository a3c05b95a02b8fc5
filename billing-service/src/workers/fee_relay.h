// The consumer "fees": what a paid invoice earned is entered on the partner's side.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/store/fee_store.h"
#include "common/events/change.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Follows FEE_EARNED, one event per frozen fee segment. Account and partner are different tenants, hence two commits,
// each with its own side of the ledger; the entry's id derives from invoice, line and segment, so a delivery that comes
// twice makes one entry.
class FeeRelay {
 public:
  // The store must outlive the relay that the consumer is given to; so must this object.
  explicit FeeRelay(const FeeStore& fees) : fees_(fees) {}

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;

  const FeeStore& fees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FEE_RELAY_H_
