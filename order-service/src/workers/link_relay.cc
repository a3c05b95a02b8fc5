#include "order-service/src/workers/link_relay.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/events/delivery_request.h"
#include "common/rpc/convert.h"
#include "countersign/order/v1/order.pb.h"
#include "order-service/src/workers/worker_change.h"

namespace countersign::order {
namespace {

using link::v1::Link;

constexpr char kLinkConsumer[] = "link";
constexpr char kOrderConfirmed[] = "ORDER_CONFIRMED";
constexpr char kOrderDeclined[] = "ORDER_DECLINED";
constexpr char kExpiryExtended[] = "ORDER_EXPIRY_EXTENDED";

struct Outcome {
  absl::string_view event_type;
  Link::State state;
};

constexpr Outcome kOutcomes[] = {
    {kOrderConfirmed, Link::STATE_CONFIRMED},  {kOrderDeclined, Link::STATE_DECLINED},
    {"ORDER_EXPIRED", Link::STATE_EXPIRED},    {"ORDER_CANCELLED", Link::STATE_REVOKED},
    {"ORDER_REVISED", Link::STATE_SUPERSEDED}, {"LINK_REISSUED", Link::STATE_SUPERSEDED},
};

absl::Status DeliverExpiry(LinkClient& links, const events::Event& event, absl::Time deadline) {
  v1::OrderEvent payload;
  if (!payload.ParseFromString(event.payload)) return InvalidField("payload", "must be an OrderEvent");
  link::v1::ExtendLinkRequest request;
  request.set_name(payload.link());
  *request.mutable_expire_time() = payload.expire_time();
  request.set_request_id(events::DeliveryRequestId(kLinkConsumer, event));
  return links.ExtendLink(rpc::WorkerOutgoing(kServiceName, deadline, event), request);
}

absl::Status Deliver(LinkClient& links, const events::Event& event, Link::State state, absl::Time deadline) {
  v1::OrderEvent payload;
  if (!payload.ParseFromString(event.payload)) return InvalidField("payload", "must be an OrderEvent");
  if (payload.ended_link().empty()) return absl::OkStatus();  // A draft was revised or cancelled: nobody had a link.
  link::v1::ApplyOrderOutcomeRequest request;
  request.set_name(payload.ended_link());
  request.set_state(state);
  request.set_order_version(event.version);
  *request.mutable_decide_time() = rpc::ToProto(event.create_time);
  if (payload.has_press_time()) *request.mutable_press_time() = payload.press_time();
  request.set_request_id(events::DeliveryRequestId(kLinkConsumer, event));
  return links.ApplyOrderOutcome(rpc::WorkerOutgoing(kServiceName, deadline, event), request);
}

}  // namespace

events::Consumer LinkConsumer(LinkClient& links) {
  return {.name = kLinkConsumer,
          .deliver =
              [&links](const events::Event& event, absl::Time deadline) {
                if (event.type == kExpiryExtended) return DeliverExpiry(links, event, deadline);
                for (const Outcome& outcome : kOutcomes) {
                  if (event.type == outcome.event_type) return Deliver(links, event, outcome.state, deadline);
                }
                return absl::OkStatus();
              },
          // A confirmation must reach the link as well. Of any other outcome the link has a mere copy: without it the
          // link stays open, and the order, which alone decides, refuses a press.
          .must_arrive = {kOrderConfirmed},
          .concerns =
              [](const events::Event& event) {
                return event.type == kExpiryExtended ||
                       std::any_of(std::begin(kOutcomes), std::end(kOutcomes),
                                   [&](const Outcome& outcome) { return event.type == outcome.event_type; });
              },
          // The page copies the answer to a press itself, as soon as it has it.
          .may_wait =
              [](const events::Event& event) { return event.type == kOrderConfirmed || event.type == kOrderDeclined; }};
}

}  // namespace countersign::order
