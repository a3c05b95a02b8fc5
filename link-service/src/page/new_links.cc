#include "link-service/src/page/new_links.h"

#include <optional>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "link-service/src/api/new_link_request_messages.h"
#include "link-service/src/domain/new_link_request.h"

namespace countersign::link {

absl::Status NewLinks::Ask(const PressedPage& pressed) {
  const absl::Time now = clock_.Now();
  const NewLinkRequest request = AskForNewLink(pressed.link, pressed.page.content.review().order_number(), now);
  const rpc::Call call = CallOfHolder(pressed, "NEW_LINK", request.request_id, now);
  const absl::Status committed = committer_.Commit(pressed.deadline, {.events = {NewLinkRequestEventOf(call, request)},
                                                                      .reply = std::nullopt,
                                                                      .rows = {NewLinkRequestStore::Row(request)}});
  return IsLostRace(committed) ? absl::OkStatus() : committed;  // Lost: it was asked before.
}

absl::StatusOr<bool> NewLinks::WasAskedToday(absl::Time deadline, const Link& link) const {
  const NewLinkRequest today = AskForNewLink(link, "", clock_.Now());
  ASSIGN_OR_RETURN(const std::optional<NewLinkRequest> found,
                   requests_.Find(deadline, today.partner_id, today.request_id));
  return found.has_value();
}

}  // namespace countersign::link
