#include "common/rpc/delivery_handlers.h"

#include <memory>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using event::v1::DeliveryService;

// Three deliveries that wait; records what it is told to do.
class FakeRelay final : public mysql::Relay {
 public:
  FakeRelay() {
    for (int i = 0; i < 3; ++i) {
      mysql::HeldDelivery delivery;
      delivery.tenant = Uuid::Derived({"tenant"});
      delivery.aggregate = Uuid::Derived({"aggregate", std::string(1, static_cast<char>('a' + i))});
      delivery.consumer = "billing";
      delivery.version = i + 1;
      delivery.parked = i == 0;
      delivery.attempts = 2;
      delivery.next_attempt = absl::FromUnixSeconds(1'243'846'800);
      held.push_back(delivery);
    }
  }
  void Start() override {}
  void Stop() override {}
  absl::Status Drain(absl::Time) override { return absl::OkStatus(); }
  absl::StatusOr<std::vector<mysql::HeldDelivery>> ListHeld(absl::Time, const std::optional<mysql::HeldDelivery>& after,
                                                            int limit) override {
    std::vector<mysql::HeldDelivery> page;
    bool started = !after.has_value();
    for (const mysql::HeldDelivery& delivery : held) {
      if (started && page.size() < static_cast<size_t>(limit)) page.push_back(delivery);
      if (after.has_value() && delivery.aggregate == after->aggregate && delivery.parked == after->parked &&
          delivery.tenant == after->tenant && delivery.consumer == after->consumer) {
        started = true;
      }
    }
    return page;
  }
  absl::Status Retry(absl::Time, const Uuid&, const Uuid& aggregate, const std::string&) override {
    return aggregate == held[0].aggregate ? absl::OkStatus() : absl::NotFoundError("");
  }
  void WakeTask(absl::string_view, int) override {}
  absl::Status Redeliver(absl::Time, const std::string& consumer, absl::Time since) override {
    if (consumer != "billing") return absl::NotFoundError("");
    redelivered_since = since;
    return absl::OkStatus();
  }
  std::vector<mysql::HeldDelivery> held;
  absl::Time redelivered_since;
};

class DeliveryHandlersTest : public ::testing::Test {
 protected:
  DeliveryHandlersTest()
      : endpoint_({.service = "note-service", .clock = &clock_, .reply_keys = &keys_}),
        handlers_(endpoint_, relay_),
        server_({&handlers_}),
        stub_(DeliveryService::NewStub(server_.channel())) {}

  template <typename Request, typename Reply>
  absl::Status Do(grpc::Status (DeliveryService::StubInterface::*method)(grpc::ClientContext*, const Request&, Reply*),
                  const Request& request, Reply& reply, const std::string& caller = "operators/anna") {
    grpc::ClientContext context;
    SetCaller(context, caller);
    return FromGrpc((stub_.get()->*method)(&context, request, &reply));
  }

  testing::FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  FakeRelay relay_;
  const Endpoint endpoint_;
  DeliveryHandlers handlers_;
  testing::InProcessServer server_;
  std::unique_ptr<DeliveryService::Stub> stub_;
};

TEST_F(DeliveryHandlersTest, ListsPageByPage) {
  event::v1::ListHeldDeliveriesRequest request;
  request.set_page_size(2);
  event::v1::ListHeldDeliveriesResponse first;
  ASSERT_OK(Do(&DeliveryService::StubInterface::ListHeldDeliveries, request, first));
  ASSERT_EQ(first.held_deliveries_size(), 2);
  EXPECT_TRUE(first.held_deliveries(0).parked());
  EXPECT_EQ(first.held_deliveries(1).next_attempt_time().seconds(), 1'243'846'800);
  request.set_page_token(first.next_page_token());
  event::v1::ListHeldDeliveriesResponse stolen;
  EXPECT_THAT(Do(&DeliveryService::StubInterface::ListHeldDeliveries, request, stolen, "operators/bob"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  event::v1::ListHeldDeliveriesResponse second;
  ASSERT_OK(Do(&DeliveryService::StubInterface::ListHeldDeliveries, request, second));
  ASSERT_EQ(second.held_deliveries_size(), 1);
  EXPECT_EQ(second.held_deliveries(0).version(), 3);
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(DeliveryHandlersTest, RefusesBadPages) {
  event::v1::ListHeldDeliveriesRequest request;
  request.set_page_size(-1);
  request.set_page_token("made up");
  event::v1::ListHeldDeliveriesResponse reply;
  const absl::Status status = Do(&DeliveryService::StubInterface::ListHeldDeliveries, request, reply);
  EXPECT_EQ(DetailsOf(status).violations.size(), 2u);
}

TEST_F(DeliveryHandlersTest, RetriesWhatWaits) {
  event::v1::RetryDeliveryRequest request;
  request.set_tenant(relay_.held[0].tenant.ToString());
  request.set_aggregate(relay_.held[0].aggregate.ToString());
  request.set_consumer("billing");
  event::v1::RetryDeliveryResponse reply;
  EXPECT_OK(Do(&DeliveryService::StubInterface::RetryDelivery, request, reply));
  request.set_aggregate(Uuid::Derived({"nothing"}).ToString());
  EXPECT_THAT(Do(&DeliveryService::StubInterface::RetryDelivery, request, reply), HasReason("DELIVERY_NOT_FOUND"));
  EXPECT_THAT(Do(&DeliveryService::StubInterface::RetryDelivery, event::v1::RetryDeliveryRequest(), reply),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(DeliveryHandlersTest, MovesAConsumerBack) {
  event::v1::RedeliverEventsRequest request;
  request.set_consumer("billing");
  request.mutable_since()->set_seconds(1'243'846'800);
  event::v1::RedeliverEventsResponse reply;
  ASSERT_OK(Do(&DeliveryService::StubInterface::RedeliverEvents, request, reply));
  EXPECT_EQ(relay_.redelivered_since, absl::FromUnixSeconds(1'243'846'800));
  request.set_consumer("nobody");
  EXPECT_THAT(Do(&DeliveryService::StubInterface::RedeliverEvents, request, reply), HasReason("CONSUMER_NOT_FOUND"));
}

TEST_F(DeliveryHandlersTest, ServesOperatorsOnly) {
  event::v1::ListHeldDeliveriesResponse reply;
  EXPECT_THAT(Do(&DeliveryService::StubInterface::ListHeldDeliveries, event::v1::ListHeldDeliveriesRequest(), reply,
                 "services/order-service"),
              HasReason("METHOD_NOT_ALLOWED"));
}

}  // namespace
}  // namespace countersign::rpc
