#include "order-service/src/workers/worker_change.h"

#include <optional>
#include <utility>

#include "common/rpc/call.h"
#include "order-service/src/api/order_messages.h"

namespace countersign::order {

events::Change WorkerChange(absl::string_view type, const Order& before, const Order& after, absl::string_view reason) {
  events::Event event =
      rpc::WorkerEvent({.service = kServiceName, .now = after.update_time, .reason = reason}, after.name.partner,
                       after.name.id, after.version, type, EventOf(before, after), ToProto(after));
  return {{std::move(event)}, std::nullopt};
}

}  // namespace countersign::order
