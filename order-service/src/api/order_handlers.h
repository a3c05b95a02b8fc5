// The partner's stories of an order, but for giving it to the customer (submit_handlers.h): write, read, revise,
// cancel.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_HANDLERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order.pb.h"
#include "order-service/src/api/order_requests.h"
#include "order-service/src/clients/partner_client.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/store/catalogue_store.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of the methods in order_service.proto.
class OrderHandlers {
 public:
  // All must outlive the handlers.
  OrderHandlers(CatalogueStore& catalogue, OrderStore& orders, PartnerClient& partners)
      : catalogue_(catalogue), orders_(orders), partners_(partners) {}

  absl::StatusOr<v1::Order> Create(const rpc::Call& call, const CreateOrderCommand& command);
  absl::StatusOr<v1::Order> Get(const rpc::Call& call, const GetOrderCommand& command);
  absl::StatusOr<v1::Order> Revise(const rpc::Call& call, const ReviseOrderCommand& command);
  absl::StatusOr<v1::Order> Cancel(const rpc::Call& call, const CancelOrderCommand& command);

 private:
  // The terms with today's prices.
  absl::StatusOr<OrderTerms> PriceNow(const rpc::Call& call, const RequestedTerms& requested);
  // OK when the partner exists and the customer is one of its own.
  absl::Status CheckSeller(const rpc::Call& call, const Order& order);

  CatalogueStore& catalogue_;
  OrderStore& orders_;
  PartnerClient& partners_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_HANDLERS_H_
