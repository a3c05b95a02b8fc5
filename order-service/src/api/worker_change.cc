#include "order-service/src/api/worker_change.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/call.h"
#include "order-service/src/api/order_messages.h"

namespace countersign::order {

mysql::Change WorkerChange(absl::string_view type, const Order& before, const Order& after) {
  mysql::Event event;
  event.tenant = after.name.partner;
  event.aggregate = after.name.id;
  event.version = after.version;
  event.type = std::string(type);
  event.actor = absl::StrCat("services/", kServiceName);
  event.create_time = after.update_time;
  event.payload = rpc::DeterministicBytes(EventOf(before, after));
  return {{std::move(event)}, std::nullopt};
}

}  // namespace countersign::order
