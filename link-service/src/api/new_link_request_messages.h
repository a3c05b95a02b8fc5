// Requests for new links as messages and events.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_NEW_LINK_REQUEST_MESSAGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_NEW_LINK_REQUEST_MESSAGES_H_

#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/new_link_request.pb.h"
#include "link-service/src/domain/new_link_request.h"

namespace countersign::link {

v1::NewLinkRequest ToProto(const NewLinkRequest& request);

// NEW_LINK_REQUESTED, on the partner's log.
events::Event NewLinkRequestEventOf(const rpc::Call& call, const NewLinkRequest& request);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_NEW_LINK_REQUEST_MESSAGES_H_
