#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_

#include <cstdint>
#include <string>

namespace countersign::order {

// This service's copy of whether a partner may have its orders confirmed, as of the partner's `version`: pushed by
// partner-service, and learnt at every Submit. Version 0: nothing is known. Both versions only ever grow, so it does
// not matter in which order states are learnt.
struct PartnerState {
  int64_t version = 0;
  bool active = false;
  // The newest version known at which the partner was not active; 0 = none. What was submitted before it is withdrawn,
  // and stays so when the partner is active again.
  int64_t inactive_version = 0;

  // The state that one message tells.
  static PartnerState Of(int64_t version, bool active) { return {version, active, active ? 0 : version}; }

  // Taking it over would change `known`.
  bool IsNewsTo(const PartnerState& known) const {
    return version > known.version || inactive_version > known.inactive_version;
  }

  // May an order be confirmed that was submitted when the partner had `seller_version`?
  bool StandsBehind(int64_t seller_version) const { return active && inactive_version <= seller_version; }

  // For a waiting order whose seller_version is not known, because the replica that submitted it did not keep one yet:
  // as if it was submitted just now while the partner is active, otherwise before the partner became inactive.
  int64_t AssumedSellerVersion() const { return active ? version : version - 1; }

  friend bool operator==(const PartnerState&, const PartnerState&) = default;
};

// The waiting orders of a partner that must be withdrawn.
struct Withdrawal {
  int64_t inactive_version = 0;  // Those submitted at an older version of the partner.
  std::string reason;            // Their state_reason.
  bool active = false;           // The partner is again; orders of unknown version are then left alone.
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PARTNER_STATE_H_
