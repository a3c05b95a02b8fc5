// countersign.order.v1.OrderService: which method may be called by whom, and which handler tells its story.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_API_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_API_H_

#include "common/rpc/endpoint.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "order-service/src/api/catalogue_handlers.h"
#include "order-service/src/api/order_handlers.h"
#include "order-service/src/api/order_list_handlers.h"
#include "order-service/src/api/press_handlers.h"
#include "order-service/src/api/submit_handlers.h"

namespace countersign::order {

class OrderApi final : public v1::OrderService::Service {
 public:
  // All must outlive the service.
  OrderApi(const rpc::Endpoint& endpoint, CatalogueHandlers& catalogue, OrderHandlers& orders, OrderListHandlers& lists,
           SubmitHandlers& submits, PressHandlers& presses)
      : endpoint_(endpoint),
        catalogue_(catalogue),
        orders_(orders),
        lists_(lists),
        submits_(submits),
        presses_(presses) {}

  grpc::Status ListOffers(grpc::ServerContext* context, const v1::ListOffersRequest* request,
                          v1::ListOffersResponse* reply) override;
  grpc::Status GetOffer(grpc::ServerContext* context, const v1::GetOfferRequest* request, v1::Offer* reply) override;
  grpc::Status CreateOrder(grpc::ServerContext* context, const v1::CreateOrderRequest* request,
                           v1::Order* reply) override;
  grpc::Status GetOrder(grpc::ServerContext* context, const v1::GetOrderRequest* request, v1::Order* reply) override;
  grpc::Status ListOrders(grpc::ServerContext* context, const v1::ListOrdersRequest* request,
                          v1::ListOrdersResponse* reply) override;
  grpc::Status SubmitOrder(grpc::ServerContext* context, const v1::SubmitOrderRequest* request,
                           v1::SubmitOrderResponse* reply) override;
  grpc::Status ReissueLink(grpc::ServerContext* context, const v1::ReissueLinkRequest* request,
                           v1::SubmitOrderResponse* reply) override;
  grpc::Status ReviseOrder(grpc::ServerContext* context, const v1::ReviseOrderRequest* request,
                           v1::Order* reply) override;
  grpc::Status CancelOrder(grpc::ServerContext* context, const v1::CancelOrderRequest* request,
                           v1::Order* reply) override;
  grpc::Status ConfirmOrder(grpc::ServerContext* context, const v1::ConfirmOrderRequest* request,
                            v1::Order* reply) override;
  grpc::Status DeclineOrder(grpc::ServerContext* context, const v1::DeclineOrderRequest* request,
                            v1::Order* reply) override;
  grpc::Status ApplyPartnerState(grpc::ServerContext* context, const v1::ApplyPartnerStateRequest* request,
                                 v1::ApplyPartnerStateResponse* reply) override;

 private:
  const rpc::Endpoint& endpoint_;
  CatalogueHandlers& catalogue_;
  OrderHandlers& orders_;
  OrderListHandlers& lists_;
  SubmitHandlers& submits_;
  PressHandlers& presses_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_API_H_
