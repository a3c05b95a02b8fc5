#include "partner-service/src/workers/order_relay.h"

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/events/held_delivery.h"
#include "common/events/relay.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

class OrderRelayTest : public ApiTest {
 protected:
  static events::RelayOptions Options() {
    events::RelayOptions options;
    options.owner = "test";
    return options;
  }

  absl::Status Drain() { return relay_->Drain(testing::TestDeadline()); }

  std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), Options(), parts_.consumers(), /*tasks=*/{});
};

TEST_F(OrderRelayTest, TellsOrderServiceOfEveryStateInOrder) {
  const std::string name = CreatePartner().name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)));
  ASSERT_OK(Call(&v1::PartnerService::Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(name)));
  CreateCustomer(name);  // Does not concern order-service.
  ASSERT_OK(Drain());

  ASSERT_EQ(orders_.requests.size(), 3);
  const bool active[] = {false, true, false};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(orders_.requests[i].partner(), name);
    EXPECT_EQ(orders_.requests[i].version(), i + 1);
    EXPECT_EQ(orders_.requests[i].active(), active[i]);
    EXPECT_EQ(orders_.requests[i].reason(), i == 2 ? "because of the test" : "");
    EXPECT_OK(Uuid::Parse(orders_.requests[i].request_id()));
  }
}

TEST_F(OrderRelayTest, GivesTheReasonOfTheTransitionWithWhateverHappensAfterIt) {
  const std::string name = CreatePartner().name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)));
  ASSERT_OK(Call(&v1::PartnerService::Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(name)));
  v1::UpdatePartnerRequest update;
  update.mutable_partner()->set_name(name);
  update.mutable_partner()->set_display_name("Contoso");
  update.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::PartnerService::Stub::UpdatePartner, update));
  ASSERT_OK(Drain());
  ASSERT_EQ(orders_.requests.size(), 4);
  EXPECT_EQ(orders_.requests[3].version(), 4);
  EXPECT_EQ(orders_.requests[3].state(), v1::Partner::STATE_SUSPENDED);
  EXPECT_FALSE(orders_.requests[3].active());
  EXPECT_EQ(orders_.requests[3].reason(), "because of the test");
}

TEST_F(OrderRelayTest, RepeatsADeliveryWithTheSameRequestId) {
  const std::string name = CreatePartner().name();
  ASSERT_OK(Drain());
  ASSERT_OK(relay_->Redeliver(testing::TestDeadline(), "order", absl::UnixEpoch()));
  ASSERT_OK(Drain());
  ASSERT_EQ(orders_.requests.size(), 2);
  EXPECT_EQ(orders_.requests[0].SerializeAsString(), orders_.requests[1].SerializeAsString());
}

TEST_F(OrderRelayTest, SharesNoRequestIdWithTheFormOfBeforeThatHadNoStateAndReason) {
  const std::string name = CreatePartner().name();
  ASSERT_OK(Drain());
  ASSERT_EQ(orders_.requests.size(), 1);
  const Uuid partner = *Uuid::Parse(name.substr(std::string("partners/").size()));
  EXPECT_NE(orders_.requests[0].request_id(), Uuid::Derived({"order", partner.bytes(), "1"}).ToString());
}

TEST_F(OrderRelayTest, ThatAPartnerMayNoLongerSellIsNotGivenUp) {
  EXPECT_TRUE(relay_->MustArrive("order", "PARTNER_SUSPENDED"));
  EXPECT_TRUE(relay_->MustArrive("order", "PARTNER_TERMINATED"));
  EXPECT_FALSE(relay_->MustArrive("order", "PARTNER_UPDATED"));
}

TEST_F(OrderRelayTest, WhatOperatorsDoWithDeliveriesConcernsNobody) {
  for (const events::Event& event : testing::DeliveryEvents()) {
    EXPECT_OK(OrderConsumer(orders_).deliver(event, testing::TestDeadline()));
  }
  EXPECT_TRUE(orders_.requests.empty());
}

TEST_F(OrderRelayTest, ParksWhatOrderServiceRefusesForGood) {
  orders_.status = absl::InvalidArgumentError("no");
  CreatePartner();
  ASSERT_OK(Drain());
  ASSERT_OK_AND_ASSIGN(const auto held, events::ListHeld(database_->database(), testing::TestDeadline(), {.size = 10}));
  ASSERT_EQ(held.items.size(), 1);
  EXPECT_TRUE(held.items[0].parked);
  EXPECT_EQ(held.items[0].consumer, "order");
}

}  // namespace
}  // namespace countersign::partner
