// Asking for another mail with the address of a link's receipt: by SendAccessLink, and by the page /find.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_ACCESS_LINK_CHANGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_ACCESS_LINK_CHANGE_H_

#include "absl/status/statusor.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "link-service/src/domain/access_link.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/store/access_link_store.h"

namespace countersign::link {

// The link's next access link with its event, as a change without a reply; committing it has the mail sent. Errors:
// those of NextAccessLink and of the store.
absl::StatusOr<events::Change> AskForAccessLink(const rpc::Call& call, const AccessLinkStore& access_links,
                                                const Link& link, AccessLinkAsker asker);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_ACCESS_LINK_CHANGE_H_
