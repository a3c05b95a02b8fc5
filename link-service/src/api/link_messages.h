// Links as messages and events.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_MESSAGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_MESSAGES_H_

#include <optional>

#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/link.pb.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

// nullopt for UNSPECIFIED and for numbers that the enum does not have.
std::optional<LinkState> FromProto(v1::Link::State state);

// The link as mutations reply with it: without its views, which change on their own, so that a replayed reply is the
// same.
v1::Link ToProto(const Link& link);

// The link with its views.
v1::Link ToProtoWithViews(const Link& link);

// The event that made this version of the link: LINK_ISSUED, or LINK_ and the state that ended ACTIVE.
events::Event LinkEventOf(const rpc::Call& call, const Link& link);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_MESSAGES_H_
