// How long link-service keeps what it need not keep for good: docs/operations/retention.md.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_RETENTION_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_RETENTION_H_

#include <vector>

#include "common/events/retention.h"

namespace countersign::link {

// Links, their events and what confirmed an order are not in it: they stay.
std::vector<events::Retention> LinkRetentions();

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_RETENTION_H_
