// countersign.order.v1.OrderService: the stories of an order. Giving it to its customer is in order_submit.cc, what the
// customer presses in order_press.cc, what comes before an order in order_preview.cc, and after it in order_history.cc.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/mysql/table.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_requests.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/clients/partner_client.h"
#include "order-service/src/domain/subscription_change.h"
#include "order-service/src/store/catalogue_store.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of order_service.proto.
class OrderService final : public v1::OrderService::Service {
 public:
  // All must outlive the service.
  OrderService(const rpc::Endpoint& endpoint, events::Committer& committer, CatalogueStore& catalogue,
               const OrderStore& orders, PartnerClient& partners, BillingClient& billing, LinkClient& links)
      : endpoint_(endpoint),
        committer_(committer),
        catalogue_(catalogue),
        orders_(orders),
        partners_(partners),
        billing_(billing),
        links_(links) {}

  grpc::Status CreateOrder(grpc::ServerContext* context, const v1::CreateOrderRequest* request,
                           v1::Order* reply) override {
    return endpoint_.Mutate(Method("CreateOrder"), context, *request, reply, ParseCreateOrder,
                            std::bind_front(&OrderService::Create, this));
  }
  grpc::Status GetOrder(grpc::ServerContext* context, const v1::GetOrderRequest* request, v1::Order* reply) override {
    return endpoint_.Read(Method("GetOrder"), context, *request, reply, rpc::ParseNamed{kOrderName},
                          std::bind_front(&OrderService::Get, this));
  }
  grpc::Status ListOrders(grpc::ServerContext* context, const v1::ListOrdersRequest* request,
                          v1::ListOrdersResponse* reply) override {
    return endpoint_.Read(Method("ListOrders"), context, *request, reply, ParseListOrders,
                          std::bind_front(&OrderService::List, this));
  }
  grpc::Status SubmitOrder(grpc::ServerContext* context, const v1::SubmitOrderRequest* request,
                           v1::SubmitOrderResponse* reply) override {
    return endpoint_.Mutate(Method("SubmitOrder"), context, *request, reply, ParseSubmitOrder,
                            std::bind_front(&OrderService::Submit, this),
                            std::bind_front(&OrderService::RestoreSubmittedUrl, this));
  }
  grpc::Status ReissueLink(grpc::ServerContext* context, const v1::ReissueLinkRequest* request,
                           v1::SubmitOrderResponse* reply) override {
    return endpoint_.Mutate(Method("ReissueLink"), context, *request, reply, rpc::ParseNamed{kOrderName},
                            std::bind_front(&OrderService::Reissue, this),
                            std::bind_front(&OrderService::RestoreUrl, this));
  }
  grpc::Status ExtendExpiry(grpc::ServerContext* context, const v1::ExtendExpiryRequest* request,
                            v1::Order* reply) override {
    return endpoint_.Mutate(Method("ExtendExpiry"), context, *request, reply, ParseExtendExpiry,
                            std::bind_front(&OrderService::Extend, this));
  }
  grpc::Status ReviseOrder(grpc::ServerContext* context, const v1::ReviseOrderRequest* request,
                           v1::Order* reply) override {
    return endpoint_.Mutate(Method("ReviseOrder"), context, *request, reply, ParseReviseOrder,
                            std::bind_front(&OrderService::Revise, this));
  }
  grpc::Status CancelOrder(grpc::ServerContext* context, const v1::CancelOrderRequest* request,
                           v1::Order* reply) override {
    return endpoint_.Mutate(Method("CancelOrder"), context, *request, reply, rpc::ParseTransition{kOrderName},
                            std::bind_front(&OrderService::Cancel, this));
  }
  grpc::Status ConfirmOrder(grpc::ServerContext* context, const v1::ConfirmOrderRequest* request,
                            v1::Order* reply) override {
    return endpoint_.Mutate(rpc::LookAfter(Method("ConfirmOrder")), context, *request, reply, ParseConfirmOrder,
                            std::bind_front(&OrderService::Confirm, this));
  }
  grpc::Status DeclineOrder(grpc::ServerContext* context, const v1::DeclineOrderRequest* request,
                            v1::Order* reply) override {
    return endpoint_.Mutate(Method("DeclineOrder"), context, *request, reply, ParseDeclineOrder,
                            std::bind_front(&OrderService::Decline, this));
  }
  grpc::Status UpdateOrder(grpc::ServerContext* context, const v1::UpdateOrderRequest* request,
                           v1::Order* reply) override {
    return endpoint_.Mutate(Method("UpdateOrder"), context, *request, reply, ParseUpdateOrder,
                            std::bind_front(&OrderService::Update, this));
  }
  grpc::Status PreviewOrder(grpc::ServerContext* context, const v1::PreviewOrderRequest* request,
                            v1::PreviewOrderResponse* reply) override {
    return endpoint_.Read(Method("PreviewOrder"), context, *request, reply, ParsePreviewOrder,
                          std::bind_front(&OrderService::Preview, this));
  }
  grpc::Status CloneOrder(grpc::ServerContext* context, const v1::CloneOrderRequest* request,
                          v1::Order* reply) override {
    return endpoint_.Mutate(Method("CloneOrder"), context, *request, reply, rpc::ParseNamed{kOrderName},
                            std::bind_front(&OrderService::Clone, this));
  }
  grpc::Status ListOrderRevisions(grpc::ServerContext* context, const v1::ListOrderRevisionsRequest* request,
                                  v1::ListOrderRevisionsResponse* reply) override {
    return endpoint_.Read(Method("ListOrderRevisions"), context, *request, reply,
                          rpc::ParseList{kOrderName, OrderRevisionFilterFields()},
                          std::bind_front(&OrderService::ListRevisions, this));
  }
  grpc::Status GetOrderRevision(grpc::ServerContext* context, const v1::GetOrderRevisionRequest* request,
                                v1::OrderRevision* reply) override {
    return endpoint_.Read(Method("GetOrderRevision"), context, *request, reply, ParseGetOrderRevision,
                          std::bind_front(&OrderService::GetRevision, this));
  }
  grpc::Status SearchOrders(grpc::ServerContext* context, const v1::SearchOrdersRequest* request,
                            v1::SearchOrdersResponse* reply) override {
    return endpoint_.Read(Method("SearchOrders"), context, *request, reply, ParseSearchOrders,
                          std::bind_front(&OrderService::Search, this));
  }
  grpc::Status ListSellableOffers(grpc::ServerContext* context, const v1::ListSellableOffersRequest* request,
                                  v1::ListSellableOffersResponse* reply) override {
    return endpoint_.Read(Method("ListSellableOffers"), context, *request, reply, ParseListSellableOffers,
                          std::bind_front(&OrderService::ListSellable, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::OrderService::service_full_name(), name}; }

  absl::StatusOr<v1::Order> Create(const rpc::Call& call, const CreateOrderCommand& command);
  absl::StatusOr<v1::Order> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListOrdersResponse> List(const rpc::Call& call, const ListOrdersCommand& command) const;
  absl::StatusOr<v1::Order> Revise(const rpc::Call& call, const ReviseOrderCommand& command);
  absl::StatusOr<v1::Order> Cancel(const rpc::Call& call, const rpc::NamedResource& named);

  absl::StatusOr<v1::Order> Update(const rpc::Call& call, const UpdateOrderCommand& command);

  // order_preview.cc: what a partner looks up before it writes an order.
  absl::StatusOr<v1::PreviewOrderResponse> Preview(const rpc::Call& call, const CreateOrderCommand& command);
  absl::StatusOr<v1::ListSellableOffersResponse> ListSellable(const rpc::Call& call,
                                                              const ListSellableOffersCommand& command);

  // order_history.cc: orders as they were, and what is made of them.
  absl::StatusOr<v1::Order> Clone(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::ListOrderRevisionsResponse> ListRevisions(const rpc::Call& call,
                                                               const rpc::ListRequest& command) const;
  absl::StatusOr<v1::OrderRevision> GetRevision(const rpc::Call& call, const OrderRevisionName& name) const;
  absl::StatusOr<v1::SearchOrdersResponse> Search(const rpc::Call& call, const SearchOrdersCommand& command) const;

  // The terms with today's prices.
  absl::StatusOr<OrderTerms> PriceNow(const rpc::Call& call, const CustomerName& buyer,
                                      const RequestedTerms& requested);
  // order_change.cc: the lines of an order that changes a subscription, priced today.
  absl::StatusOr<PricedLines> PriceChangeNow(const rpc::Call& call, const CustomerName& buyer, OrderKind kind,
                                             const RequestedLine& wanted, const std::string& currency,
                                             int& billing_period_months);
  absl::StatusOr<PricedLines> PricePartnerChange(const rpc::Call& call, const CustomerName& buyer,
                                                 const RequestedLine& wanted, const std::string& currency);
  // Whether the subscription came to the buyer's partner without an order, by the vendor or its customer. The partner's
  // first order for it says whose of its own customers that is.
  absl::StatusOr<bool> CameWithoutOrder(const rpc::Call& call, const CustomerName& buyer,
                                        const Subscription& subscription);
  absl::StatusOr<Subscription> ReadSubscription(const rpc::Call& call, const SubscriptionName& name);
  // OK when the partner exists and the customer is one of its own.
  absl::Status CheckSeller(const rpc::Call& call, const Order& order);

  // order_submit.cc.
  absl::StatusOr<v1::SubmitOrderResponse> Submit(const rpc::Call& call, const SubmitOrderCommand& command);
  absl::StatusOr<v1::SubmitOrderResponse> Reissue(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Order> Extend(const rpc::Call& call, const ExtendExpiryCommand& command);
  // Adds the URL to a stored reply of Submit or Reissue, by asking link-service the same again.
  // Error: FAILED_PRECONDITION SECRET_NO_LONGER_SHOWN when it can no longer be told.
  absl::Status AddUrl(const rpc::Call& call, v1::SubmitOrderResponse& reply);
  absl::Status RestoreUrl(const rpc::Call& call, const rpc::NamedResource&, v1::SubmitOrderResponse& reply) {
    return AddUrl(call, reply);
  }
  absl::Status RestoreSubmittedUrl(const rpc::Call& call, const SubmitOrderCommand&, v1::SubmitOrderResponse& reply) {
    return AddUrl(call, reply);
  }

  struct IssuedLink {
    Uuid id;
    std::string url;
  };
  // The draft's lines with the prices of now.
  absl::StatusOr<PricedLines> PriceAgain(const rpc::Call& call, const Order& draft);
  // The order submitted with the prices of now.
  absl::StatusOr<Order> PriceAndSubmit(const rpc::Call& call, const StoredOrder& before, int valid_days);
  // The order's seller as partner-service knows it: OK when it may have this order confirmed.
  absl::StatusOr<partner::v1::CheckSellerResponse> CheckMaySell(const rpc::Call& call, const Order& order,
                                                                const PartnerState& known);
  // Asks billing-service for an activation with validate_only: OK when the order could be activated.
  absl::StatusOr<billing::v1::ActivateOrderResponse> CheckActivation(const rpc::Call& call,
                                                                     const billing::v1::ActivateOrderRequest& request);
  absl::StatusOr<IssuedLink> IssueLink(const rpc::Call& call, const Order& order,
                                       const partner::v1::CheckSellerResponse& seller);

  // order_press.cc. They ask no peer.
  absl::StatusOr<v1::Order> Confirm(const rpc::Call& call, const ConfirmOrderCommand& command);
  absl::StatusOr<v1::Order> Decline(const rpc::Call& call, const DeclineOrderCommand& command);

  // A decided change of an order.
  struct OrderChange {
    const Order& before;
    const Order& after;
    absl::string_view event;        // "ORDER_CANCELLED"
    absl::string_view reason = "";  // For the record.
    std::vector<mysql::RowWrite> rows;
    std::vector<events::RowGuard> guards = {};
    std::function<absl::Status(mysql::Connection&)> also = nullptr;
  };
  // Commits it with the event that made `after` of `before`, and answers with the order.
  absl::StatusOr<v1::Order> Save(const rpc::Call& call, const OrderChange& change);
  // The same with another reply, which has `order` in it.
  absl::Status Commit(const rpc::Call& call, const OrderChange& change, const v1::Order& order,
                      const google::protobuf::Message& reply);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  CatalogueStore& catalogue_;
  const OrderStore& orders_;
  PartnerClient& partners_;
  BillingClient& billing_;
  LinkClient& links_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_SERVICE_H_
