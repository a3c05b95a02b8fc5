// order-service as its callers see it: a real gRPC server on loopback over a real database, with fake peers.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/relay.h"
#include "common/testing/api_test.h"
#include "countersign/order/v1/activation_outcome_service.grpc.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/order/v1/partner_state_service.grpc.pb.h"
#include "order-service/src/api/fake_peers.h"
#include "order-service/src/order.h"
#include "order-service/src/store/migrations.h"

namespace countersign::order {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kLinkService[] = "services/link-service";
inline constexpr char kBillingService[] = "services/billing-service";
inline constexpr char kPartnerService[] = "services/partner-service";

using testing::NewRequestId;

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  using Stub = v1::OrderService::Stub;
  using PartnerStateStub = v1::PartnerStateService::Stub;

  void SetUp() override;
  std::shared_ptr<grpc::Channel> channel() override { return server_.channel(); }

  // Calls the method as `caller` (the partner by default), through the network.
  template <typename AnyStub, typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (AnyStub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = "") {
    return ApiTestFrame::Call(method, request, caller.empty() ? partner_ : caller);
  }

  // 25 seats of the suite.
  v1::CreateOrderRequest CreateRequest() const;
  v1::Order CreateOrder();
  v1::SubmitOrderRequest SubmitRequest(const v1::Order& order) const;
  v1::SubmitOrderResponse SubmitOrder(const v1::Order& order);
  v1::SubmitOrderResponse WaitingOrder() { return SubmitOrder(CreateOrder()); }
  v1::Order ConfirmedOrder();
  v1::ReissueLinkRequest ReissueRequest(const v1::Order& order) const;
  // To so long after the order's Submit; after now where it has none.
  v1::ExtendExpiryRequest ExtendRequest(const v1::Order& order, absl::Duration valid) const;
  v1::ReviseOrderRequest ReviseRequest(const v1::Order& order) const;
  v1::CancelOrderRequest CancelRequest(const v1::Order& order) const;
  v1::ConfirmOrderRequest ConfirmRequest(const v1::Order& order) const;
  v1::DeclineOrderRequest DeclineRequest(const v1::Order& order) const;
  v1::ApplyPartnerStateRequest PartnerStateRequest(int64_t version, bool active) const;
  void ApplyPartnerState(int64_t version, bool active);
  v1::Order Read(const v1::Order& order);

  // The types of the order's events, oldest first.
  static std::vector<std::string> EventTypes();

  FakePartners partners_;
  FakeBilling billing_;
  FakeLinks links_;
  const std::string partner_ = "partners/0190a5b2-7c3d-7e4f-8a6b-0123456789ab";
  const std::string customer_ = partner_ + "/customers/0190a5b2-7c3d-7e4f-8a6b-00000000c0de";
  std::vector<std::pair<std::string, int>> woken_;  // The tasks that were woken, each with its bucket.
  OrderParts parts_{
      {.service = "order-service", .database = &database_->database(), .clock = &clock_, .reply_keys = &keys_},
      {.database = database_->database(),
       .committer = committer_,
       .clock = clock_,
       .partners = partners_,
       .links = links_,
       .billing = billing_,
       .wake_task = [this](absl::string_view task, int bucket) { woken_.emplace_back(task, bucket); }}};

 private:
  testing::InProcessServer server_{parts_.services()};
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_API_TEST_BASE_H_
