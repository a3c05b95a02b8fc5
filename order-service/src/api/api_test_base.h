// order-service as its callers see it: a real gRPC server on loopback over a real database, with fake peers.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/endpoint.h"
#include "common/testing/api_test.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "order-service/src/api/fake_peers.h"
#include "order-service/src/api/order_api.h"
#include "order-service/src/store/migrations.h"

namespace countersign::order {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kLinkService[] = "services/link-service";
inline constexpr char kPartnerService[] = "services/partner-service";

using testing::NewRequestId;

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  using Stub = v1::OrderService::Stub;

  void SetUp() override;

  // Calls the method as `caller` (the partner by default), through the network.
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = "") {
    return testing::CallAs(caller.empty() ? partner_ : caller, stub_, method, request);
  }

  // 25 seats of the suite.
  v1::CreateOrderRequest CreateRequest() const;
  v1::Order CreateOrder();
  v1::SubmitOrderRequest SubmitRequest(const v1::Order& order) const;
  v1::SubmitOrderResponse SubmitOrder(const v1::Order& order);
  v1::SubmitOrderResponse WaitingOrder() { return SubmitOrder(CreateOrder()); }
  v1::ReissueLinkRequest ReissueRequest(const v1::Order& order) const;
  v1::ReviseOrderRequest ReviseRequest(const v1::Order& order) const;
  v1::CancelOrderRequest CancelRequest(const v1::Order& order) const;
  v1::ConfirmOrderRequest ConfirmRequest(const v1::Order& order) const;
  v1::DeclineOrderRequest DeclineRequest(const v1::Order& order) const;
  v1::ApplyPartnerStateRequest PartnerStateRequest(int64_t version, bool active) const;
  v1::Order Read(const v1::Order& order);

  // The types of the order's events, oldest first.
  static std::vector<std::string> EventTypes();

  FakePartners partners_;
  FakeBilling billing_;
  FakeLinks links_;
  const std::string partner_ = "partners/0190a5b2-7c3d-7e4f-8a6b-0123456789ab";
  const std::string customer_ = partner_ + "/customers/0190a5b2-7c3d-7e4f-8a6b-00000000c0de";
  OrderStore orders_{database_->database()};

 private:
  CatalogueStore catalogue_{database_->database()};
  CatalogueHandlers catalogue_handlers_{catalogue_};
  OrderHandlers order_handlers_{catalogue_, orders_, partners_};
  OrderListStore lists_{database_->database()};
  OrderListHandlers list_handlers_{lists_};
  SubmitHandlers submit_handlers_{catalogue_, orders_, partners_, billing_, links_};
  PressHandlers press_handlers_{orders_};
  rpc::Endpoint endpoint_{
      {.service = "order-service", .database = &database_->database(), .clock = &clock_, .reply_keys = &keys_}};
  OrderApi api_{endpoint_, catalogue_handlers_, order_handlers_, list_handlers_, submit_handlers_, press_handlers_};
  testing::InProcessServer server_{{&api_}};
  Stub stub_{server_.channel()};
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_API_TEST_BASE_H_
