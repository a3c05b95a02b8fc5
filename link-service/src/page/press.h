// The customer's presses. Each is a story of three acts: the evidence is committed, order-service decides, and its
// decision is copied to the link.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/press.h"
#include "link-service/src/page/press_messages.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {

// Thread-safe.
// Errors of both methods: LinkNotFound() when the link was erased meanwhile; FAILED_PRECONDITION with order-service's
// reason when it refused. UNAVAILABLE, DEADLINE_EXCEEDED and the like when it is not known whether order-service
// decided: the same press again is safe. Any other error is our own mistake.
class Presses {
 public:
  // All must outlive the presses.
  Presses(events::Committer& committer, const LinkStore& links, const PressStore& presses, OrderClient& orders,
          const Clock& clock)
      : committer_(committer), links_(links), presses_(presses), orders_(orders), clock_(clock) {}

  struct Decided {
    Link link;            // As order-service decided.
    bool stored = false;  // False: our copy could not be written yet. Order-service's relay brings the outcome later.
    bool by_another = false;  // Another press had confirmed the order before.
  };
  absl::StatusOr<Decided> Confirm(const PressedPage& pressed, const web::ConfirmForm& form);
  absl::StatusOr<Decided> Decline(const PressedPage& pressed, const std::string& reason);

 private:
  // The first act. Error: LinkNotFound() for a link that was erased meanwhile.
  absl::Status Record(const rpc::Call& call, const Press& press, const ShownPage& page);
  // The third act, for either answer of order-service.
  absl::StatusOr<Decided> Conclude(const rpc::Call& call, const PressedPage& pressed, const Press& press,
                                   const absl::StatusOr<order::v1::Order>& answer);
  // Applies the outcome to `link` and commits it, unless the relay or another press was faster.
  absl::Status Copy(const rpc::Call& call, const Press& press, const OrderOutcome& outcome, Link& link);

  events::Committer& committer_;
  const LinkStore& links_;
  const PressStore& presses_;
  OrderClient& orders_;
  const Clock& clock_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRESS_H_
