#include "link-service/src/api/access_link_change.h"

#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "link-service/src/api/link_messages.h"

namespace countersign::link {

absl::StatusOr<events::Change> AskForAccessLink(const rpc::Call& call, const AccessLinkStore& access_links,
                                                const Link& link, AccessLinkAsker asker) {
  ASSIGN_OR_RETURN(const std::vector<AccessLink> before, access_links.Newest(call.deadline(), link.link_id));
  ASSIGN_OR_RETURN(const AccessLink next, NextAccessLink(link, before, asker, call.now()));
  return events::Change{
      .events = {AccessLinkEventOf(call, next)}, .reply = std::nullopt, .rows = {AccessLinkStore::Row(next)}};
}

}  // namespace countersign::link
