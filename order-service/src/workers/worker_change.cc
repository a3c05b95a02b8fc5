#include "order-service/src/workers/worker_change.h"

#include <optional>

#include "common/rpc/call.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

events::Change WorkerChange(absl::string_view type, const Order& before, const Order& after, absl::string_view reason) {
  const events::Event event = rpc::WorkerEvent({.service = kServiceName, .now = after.update_time, .reason = reason},
                                               {.tenant = after.name.partner,
                                                .aggregate = after.name.id,
                                                .version = after.version,
                                                .type = type,
                                                .payload = EventOf(before, after),
                                                .resource = ToProto(after)});
  return {.events = {event}, .reply = std::nullopt, .rows = {OrderStore::Row(after)}};
}

}  // namespace countersign::order
