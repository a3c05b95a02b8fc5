#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_

#include <cstdint>

namespace countersign::order {

// This service's copy of whether a partner may have its orders confirmed, as of the partner's `version`: pushed by
// partner-service, and learnt at every Submit. Version 0: nothing is known.
struct PartnerState {
  int64_t version = 0;
  bool active = false;

  bool IsNewerThan(const PartnerState& other) const { return version > other.version; }

  friend bool operator==(const PartnerState&, const PartnerState&) = default;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_
