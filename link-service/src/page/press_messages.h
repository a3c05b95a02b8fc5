// A press as messages: the evidence that is kept, and what order-service's answer means to the link.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_MESSAGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_MESSAGES_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/page_view.h"
#include "link-service/src/domain/press.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {

// The page on which a press was made, and its sender.
struct PressedPage {
  const Link& link;       // As read for this request.
  const ShownPage& page;  // As shown with the form that was pressed.
  std::string ip_address;
  std::string user_agent;  // As sent.
  std::string trace_id;
  absl::Time deadline;
  Uuid form_id = {};  // Of the showing on which it was made; nil for Decline.
  int64_t code = 0;   // Which of the link's codes was verified on that form; 0: none was needed.
};

// The customer's act as a call. Here the customer has no name but that of the link it holds; peers see the call as
// ours.
rpc::Call CallOfHolder(const PressedPage& pressed, absl::string_view act, const Uuid& request_id, absl::Time now);

// Printable ASCII of what a client sent, cut at 500 characters.
std::string CleanUserAgent(const std::string& sent);

v1::PressEvidence EvidenceOf(const PressedPage& pressed, const web::ConfirmForm& form);
v1::PressEvidence EvidenceOf(const PressedPage& pressed, const std::string& decline_reason);

// A person's view of the page, and its event VIEW_RECORDED on the link's log.
PageView PageViewOf(const PressedPage& seen, absl::Time now);
events::Event PageViewEventOf(const rpc::Call& call, const PageView& view);

// PRESS_RECORDED, on the link's log.
events::Event PressEventOf(const rpc::Call& call, const Press& press, const ShownContent& shown);

// The outcome for the link of an order that answered a press. `now` is its time where the order names none.
OrderOutcome OutcomeOf(const order::v1::Order& order, PressAct act, absl::Time now);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_MESSAGES_H_
