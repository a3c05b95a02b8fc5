// The consumer "forfeiture": takes back the fees of a terminated partner that were held.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FORFEITURE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FORFEITURE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/store/fee_hold_store.h"
#include "billing-service/src/store/fee_store.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Follows FEE_HOLD_FORFEITED. Each held entry gets a reversal whose id derives from it, so a delivery that comes twice
// takes it back once; a hold of many entries is worked off in several commits.
class Forfeiture {
 public:
  // All must outlive the relay that the consumer is given to; so must this object.
  Forfeiture(events::Committer& committer, const FeeHoldStore& holds, const FeeStore& fees)
      : committer_(committer), holds_(holds), fees_(fees) {}

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;
  absl::Status Write(const events::Event& event, absl::Time deadline, const std::vector<FeeEntry>& forfeited) const;

  events::Committer& committer_;
  const FeeHoldStore& holds_;
  const FeeStore& fees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_FORFEITURE_H_
