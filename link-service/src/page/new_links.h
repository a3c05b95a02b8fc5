// The customer of an expired link asks its partner for a new one.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_NEW_LINKS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_NEW_LINKS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "link-service/src/page/press_messages.h"
#include "link-service/src/store/new_link_request_store.h"

namespace countersign::link {

// Thread-safe. Errors: those of the committer and of NewLinkRequestStore.
class NewLinks {
 public:
  // All must outlive it.
  NewLinks(events::Committer& committer, const NewLinkRequestStore& requests, const Clock& clock)
      : committer_(committer), requests_(requests), clock_(clock) {}

  // Tells the link's partner, once a day however often it is pressed.
  absl::Status Ask(const PressedPage& pressed);

  // True when the partner was told today.
  absl::StatusOr<bool> WasAskedToday(absl::Time deadline, const Link& link) const;

 private:
  events::Committer& committer_;
  const NewLinkRequestStore& requests_;
  const Clock& clock_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_NEW_LINKS_H_
