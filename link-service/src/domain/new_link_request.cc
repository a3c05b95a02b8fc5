#include "link-service/src/domain/new_link_request.h"

#include <utility>

namespace countersign::link {

bool MayAskForNewLink(const Link& link) { return link.state == LinkState::kExpired; }

NewLinkRequest AskForNewLink(const Link& link, std::string order_number, absl::Time now) {
  const Date today = DateOf(now);
  return {.partner_id = link.partner_id,
          .request_id = Uuid::Derived({"new link request", link.link_id.ToString(), FormatDate(today)}),
          .link_id = link.link_id,
          .order_id = link.order_id,
          .order_number = std::move(order_number),
          .request_date = today,
          .create_time = now};
}

}  // namespace countersign::link
