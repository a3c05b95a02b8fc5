#include "partner-service/src/workers/billing_relay.h"

#include <memory>

#include "common/events/relay.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

class BillingRelayTest : public ApiTest {};

TEST_F(BillingRelayTest, TellsBillingServiceOfEveryStateWithItsTimeAndReason) {
  const std::unique_ptr<events::Relay> relay =
      events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), /*tasks=*/{});
  const std::string name = CreatePartner().name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)));
  clock_.Advance(absl::Hours(24));
  ASSERT_OK(Call(&v1::PartnerService::Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(name)));
  CreateCustomer(name);  // Does not concern billing-service.
  ASSERT_OK(relay->Drain(testing::TestDeadline()));

  ASSERT_EQ(billing_.requests.size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(billing_.requests[i].partner(), name);
    EXPECT_EQ(billing_.requests[i].version(), i + 1);
    EXPECT_OK(Uuid::Parse(billing_.requests[i].request_id()));
  }
  EXPECT_EQ(billing_.requests[1].state(), v1::Partner::STATE_ACTIVE);
  EXPECT_EQ(billing_.requests[2].state(), v1::Partner::STATE_SUSPENDED);
  EXPECT_EQ(billing_.requests[2].reason(), "because of the test");
  EXPECT_EQ(billing_.requests[2].change_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_TRUE(relay->MustArrive("billing", "PARTNER_TERMINATED"));
}

}  // namespace
}  // namespace countersign::partner
