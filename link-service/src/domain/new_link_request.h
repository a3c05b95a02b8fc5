// A customer who came too late asks its partner for a new link.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_NEW_LINK_REQUEST_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_NEW_LINK_REQUEST_H_

#include <string>

#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

// Written once. It says nothing of the person who asked.
struct NewLinkRequest {
  Uuid partner_id;
  Uuid request_id;
  Uuid link_id;
  Uuid order_id;
  std::string order_number;
  Date request_date;
  absl::Time create_time;
};

// Only the page of a link that has expired offers it: order-service says so, and no clock here.
bool MayAskForNewLink(const Link& link);

// The request of `now`'s day: its id is derived from link and day, so that there is one.
NewLinkRequest AskForNewLink(const Link& link, std::string order_number, absl::Time now);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_NEW_LINK_REQUEST_H_
