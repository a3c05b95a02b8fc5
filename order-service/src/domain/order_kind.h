#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_KIND_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_KIND_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "common/base/named.h"

namespace countersign::order {

// The kind of change that the customer is asked to countersign.
enum class OrderKind : uint8_t {
  kNew,            // New subscriptions.
  kChangeSeats,    // Seats of a subscription: added at once, or its quantity from the renewal on.
  kRenew,          // A subscription's next term: its quantity and its price.
  kChangePartner,  // A subscription's partner of record, asked for by the new one.
};

inline constexpr Named<OrderKind> kOrderKinds[] = {{OrderKind::kNew, "NEW"},
                                                   {OrderKind::kChangeSeats, "CHANGE_SEATS"},
                                                   {OrderKind::kRenew, "RENEW"},
                                                   {OrderKind::kChangePartner, "CHANGE_PARTNER"}};
inline absl::string_view NameOf(OrderKind kind) { return NameIn(kOrderKinds, kind); }

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_KIND_H_
