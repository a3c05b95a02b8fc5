// Links as messages and events.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_MESSAGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_MESSAGES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "link-service/src/domain/access_link.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/link_record.h"
#include "link-service/src/domain/press.h"

namespace countersign::link {

// nullopt for UNSPECIFIED and for numbers that the enum does not have.
std::optional<LinkState> FromProto(v1::Link::State state);

v1::PressEvent::Act ToProto(PressAct act);

// The link as mutations reply with it: without its views, which change on their own, so that a replayed reply is the
// same.
v1::Link ToProto(const Link& link);

// The link with its views.
v1::Link ToProtoWithViews(const Link& link);

// With `for_vendor`, the customer's address and browser as well.
v1::LinkRecord ToProto(const LinkRecord& record, bool for_vendor);

// The event that made this version of the link: LINK_ISSUED, LINK_EXTENDED, or LINK_ and the state that ended ACTIVE.
events::Event LinkEventOf(const rpc::Call& call, const Link& link, absl::string_view type = "");

// On the link's log, for the consumer that mails it.
inline constexpr absl::string_view kAccessLinkRequested = "ACCESS_LINK_REQUESTED";
events::Event AccessLinkEventOf(const rpc::Call& call, const AccessLink& access_link);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_MESSAGES_H_
