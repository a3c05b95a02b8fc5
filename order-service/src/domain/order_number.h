#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_NUMBER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_NUMBER_H_

#include <string>

#include "common/base/uuid.h"

namespace countersign::order {

// The number that people read to each other: "CS-7K3M-Q9XT-2PBD", the last 60 bits of the order's id (all random or
// hashed) as twelve digits of Crockford's base 32, which has no I, L, O and U. Two of a million orders share one with a
// probability below 10^-6, so it finds an order but never identifies it.
std::string OrderNumber(const Uuid& order);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_ORDER_NUMBER_H_
