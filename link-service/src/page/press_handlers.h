// The customer's presses. Each is a story of three acts: the evidence is committed, order-service decides, and its
// decision is copied to the link.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_HANDLERS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_HANDLERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/press.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {

// Where a press was made and by whom.
struct PressedPage {
  const Link& link;       // As read for this request.
  const ShownPage& page;  // What the form that was pressed had shown.
  std::string ip_address;
  std::string user_agent;  // As sent.
  std::string trace_id;
  absl::Time deadline;
};

// Thread-safe.
// Errors of both: FAILED_PRECONDITION with order-service's reason: it refused. UNAVAILABLE, DEADLINE_EXCEEDED and the
// like: it is not known whether order-service decided; the same press again is safe. All others are our mistake.
class PressHandlers {
 public:
  // All must outlive the handlers.
  PressHandlers(LinkStore& links, PressStore& presses, OrderClient& orders, const Clock& clock)
      : links_(links), presses_(presses), orders_(orders), clock_(clock) {}

  // The link as order-service decided, whether or not the copy could be stored yet: `stored` says so. When it could
  // not, order-service's relay brings the outcome later.
  struct Decided {
    Link link;
    bool stored = false;
  };
  absl::StatusOr<Decided> Confirm(const PressedPage& pressed, const web::ConfirmForm& form);
  absl::StatusOr<Decided> Decline(const PressedPage& pressed, const std::string& reason);

 private:
  rpc::Call CallOf(const PressedPage& pressed, const Press& press) const;
  // The first act.
  absl::Status Record(const rpc::Call& call, const Press& press, const ShownPage& page);
  // The third act, for either answer of order-service.
  absl::StatusOr<Decided> Conclude(const rpc::Call& call, const PressedPage& pressed, const Press& press,
                                   const absl::StatusOr<order::v1::Order>& answer);
  bool Copy(const rpc::Call& call, const Press& press, const OrderOutcome& outcome, Link& link);

  LinkStore& links_;
  PressStore& presses_;
  OrderClient& orders_;
  const Clock& clock_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_HANDLERS_H_
