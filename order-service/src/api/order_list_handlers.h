#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_LIST_HANDLERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_LIST_HANDLERS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/order/v1/order_service.pb.h"
#include "order-service/src/store/order_list_store.h"

namespace countersign::order {

struct ListOrdersCommand {
  std::optional<Uuid> partner;  // None: all partners.
  rpc::Listing list;
};

// Refuses another partner's orders, and to partners those of all, with NOT_FOUND.
absl::StatusOr<ListOrdersCommand> ParseListOrders(const rpc::Call& call, const v1::ListOrdersRequest& request);

// ListOrders. Thread-safe.
class OrderListHandlers {
 public:
  explicit OrderListHandlers(OrderListStore& orders) : orders_(orders) {}  // Must outlive the handlers.

  absl::StatusOr<v1::ListOrdersResponse> List(const rpc::Call& call, const ListOrdersCommand& command);

 private:
  OrderListStore& orders_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_LIST_HANDLERS_H_
