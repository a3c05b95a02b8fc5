#include "order-service/src/api/order_api.h"

#include "order-service/src/api/order_requests.h"

namespace countersign::order {
namespace {

constexpr rpc::MethodSpec kListOffers = {"countersign.order.v1.CatalogueService", "ListOffers"};
constexpr rpc::MethodSpec kGetOffer = {"countersign.order.v1.CatalogueService", "GetOffer"};
constexpr rpc::MethodSpec kListOrders = {"countersign.order.v1.OrderService", "ListOrders"};
constexpr rpc::MethodSpec kCreateOrder = {"countersign.order.v1.OrderService", "CreateOrder"};
constexpr rpc::MethodSpec kGetOrder = {"countersign.order.v1.OrderService", "GetOrder"};
constexpr rpc::MethodSpec kSubmitOrder = {"countersign.order.v1.OrderService", "SubmitOrder"};
constexpr rpc::MethodSpec kReissueLink = {"countersign.order.v1.OrderService", "ReissueLink"};
constexpr rpc::MethodSpec kReviseOrder = {"countersign.order.v1.OrderService", "ReviseOrder"};
constexpr rpc::MethodSpec kCancelOrder = {"countersign.order.v1.OrderService", "CancelOrder"};
constexpr rpc::MethodSpec kConfirmOrder = {"countersign.order.v1.OrderService", "ConfirmOrder"};
constexpr rpc::MethodSpec kDeclineOrder = {"countersign.order.v1.OrderService", "DeclineOrder"};
constexpr rpc::MethodSpec kApplyPartnerState = {"countersign.order.v1.PartnerStateService", "ApplyPartnerState"};

}  // namespace

grpc::Status OrderApi::ListOffers(grpc::ServerContext* context, const v1::ListOffersRequest* request,
                                  v1::ListOffersResponse* reply) {
  return endpoint_.Read(
      kListOffers, context, *request, reply, ParseListOffers,
      [&](const rpc::Call& call, const ListOffersCommand& command) { return catalogue_.ListOffers(call, command); });
}

grpc::Status OrderApi::GetOffer(grpc::ServerContext* context, const v1::GetOfferRequest* request, v1::Offer* reply) {
  return endpoint_.Read(
      kGetOffer, context, *request, reply, ParseGetOffer,
      [&](const rpc::Call& call, const GetOfferCommand& command) { return catalogue_.GetOffer(call, command); });
}

grpc::Status OrderApi::ListOrders(grpc::ServerContext* context, const v1::ListOrdersRequest* request,
                                  v1::ListOrdersResponse* reply) {
  return endpoint_.Read(
      kListOrders, context, *request, reply, ParseListOrders,
      [&](const rpc::Call& call, const ListOrdersCommand& command) { return lists_.List(call, command); });
}

grpc::Status OrderApi::CreateOrder(grpc::ServerContext* context, const v1::CreateOrderRequest* request,
                                   v1::Order* reply) {
  return endpoint_.Mutate(
      kCreateOrder, context, *request, reply, ParseCreateOrder,
      [&](const rpc::Call& call, const CreateOrderCommand& command) { return orders_.Create(call, command); });
}

grpc::Status OrderApi::GetOrder(grpc::ServerContext* context, const v1::GetOrderRequest* request, v1::Order* reply) {
  return endpoint_.Read(
      kGetOrder, context, *request, reply, ParseGetOrder,
      [&](const rpc::Call& call, const GetOrderCommand& command) { return orders_.Get(call, command); });
}

grpc::Status OrderApi::SubmitOrder(grpc::ServerContext* context, const v1::SubmitOrderRequest* request,
                                   v1::SubmitOrderResponse* reply) {
  return endpoint_.Mutate(
      kSubmitOrder, context, *request, reply, ParseSubmitOrder<v1::SubmitOrderRequest>,
      [&](const rpc::Call& call, const SubmitOrderCommand& command) { return submits_.Submit(call, command); },
      [&](const rpc::Call& call, const SubmitOrderCommand&, v1::SubmitOrderResponse& stored) {
        return submits_.RestoreUrl(call, stored);
      });
}

grpc::Status OrderApi::ReissueLink(grpc::ServerContext* context, const v1::ReissueLinkRequest* request,
                                   v1::SubmitOrderResponse* reply) {
  return endpoint_.Mutate(
      kReissueLink, context, *request, reply, ParseSubmitOrder<v1::ReissueLinkRequest>,
      [&](const rpc::Call& call, const SubmitOrderCommand& command) { return submits_.ReissueLink(call, command); },
      [&](const rpc::Call& call, const SubmitOrderCommand&, v1::SubmitOrderResponse& stored) {
        return submits_.RestoreUrl(call, stored);
      });
}

grpc::Status OrderApi::ReviseOrder(grpc::ServerContext* context, const v1::ReviseOrderRequest* request,
                                   v1::Order* reply) {
  return endpoint_.Mutate(
      kReviseOrder, context, *request, reply, ParseReviseOrder,
      [&](const rpc::Call& call, const ReviseOrderCommand& command) { return orders_.Revise(call, command); });
}

grpc::Status OrderApi::CancelOrder(grpc::ServerContext* context, const v1::CancelOrderRequest* request,
                                   v1::Order* reply) {
  return endpoint_.Mutate(
      kCancelOrder, context, *request, reply, ParseCancelOrder,
      [&](const rpc::Call& call, const CancelOrderCommand& command) { return orders_.Cancel(call, command); });
}

grpc::Status OrderApi::ConfirmOrder(grpc::ServerContext* context, const v1::ConfirmOrderRequest* request,
                                    v1::Order* reply) {
  return endpoint_.Mutate(
      kConfirmOrder, context, *request, reply, ParseConfirmOrder,
      [&](const rpc::Call& call, const ConfirmOrderCommand& command) { return presses_.Confirm(call, command); });
}

grpc::Status OrderApi::DeclineOrder(grpc::ServerContext* context, const v1::DeclineOrderRequest* request,
                                    v1::Order* reply) {
  return endpoint_.Mutate(
      kDeclineOrder, context, *request, reply, ParseDeclineOrder,
      [&](const rpc::Call& call, const DeclineOrderCommand& command) { return presses_.Decline(call, command); });
}

grpc::Status OrderApi::ApplyPartnerState(grpc::ServerContext* context, const v1::ApplyPartnerStateRequest* request,
                                         v1::ApplyPartnerStateResponse* reply) {
  return endpoint_.Mutate(kApplyPartnerState, context, *request, reply, ParseApplyPartnerState,
                          [&](const rpc::Call& call, const ApplyPartnerStateCommand& command) {
                            return presses_.ApplyPartnerState(call, command);
                          });
}

}  // namespace countersign::order
