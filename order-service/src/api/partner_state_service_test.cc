#include "order-service/src/api/partner_state_service.h"

#include <cstdint>
#include <string>

#include "common/events/change.h"
#include "countersign/order/v1/partner_state_service.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class PartnerStateServiceTest : public ApiTest {};

TEST_F(PartnerStateServiceTest, AnOlderPartnerStateChangesNothing) {
  ApplyPartnerState(4, false);
  const int64_t events = CountRows("events");
  ApplyPartnerState(3, true);
  ApplyPartnerState(4, true);
  EXPECT_EQ(CountRows("events"), events);
  EXPECT_FALSE(database_->Query("SELECT active FROM partner_states").at(0).Bool(0));
}

TEST_F(PartnerStateServiceTest, AStateThatAnOlderReplicaAppliedIsTakenOverWhenItComesAgain) {
  WaitingOrder();
  ApplyPartnerState(4, false);
  // As a replica left it that knew nothing of withdrawals.
  database_->Execute("UPDATE partner_states SET inactive_version = 0, withdrawing = 0");
  v1::ApplyPartnerStateRequest request = PartnerStateRequest(4, false);
  request.set_state(partner::v1::Partner::STATE_SUSPENDED);
  request.set_reason("papers");
  ASSERT_OK(Call(&PartnerStateStub::ApplyPartnerState, request, kPartnerService));
  const auto rows = database_->Query("SELECT inactive_version, withdrawing, withdraw_reason FROM partner_states");
  EXPECT_EQ(rows.at(0).Int(0), 4);
  EXPECT_EQ(rows.at(0).Int(1), 1);
  EXPECT_EQ(rows.at(0).Bytes(2), "The partner was suspended: papers");
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM events WHERE version = 4").at(0).Int(0), 1);
}

TEST_F(PartnerStateServiceTest, WakesTheWorkerForAPartnerThatIsNotActive) {
  ApplyPartnerState(4, true);
  EXPECT_THAT(woken_, IsEmpty());
  ApplyPartnerState(5, false);
  const Uuid partner = *Uuid::Parse(partner_.substr(std::string("partners/").size()));
  EXPECT_THAT(woken_, ElementsAre(Pair("withdrawal", events::BucketOf(partner))));
}

TEST_F(PartnerStateServiceTest, NamesEveryBadFieldOfApplyPartnerState) {
  v1::ApplyPartnerStateRequest request = PartnerStateRequest(-1, true);
  request.set_partner("partners/x");
  request.set_request_id("x");
  ExpectViolations(Call(&PartnerStateStub::ApplyPartnerState, request, kPartnerService).status(),
                   {"partner", "version", "request_id"});
  EXPECT_EQ(CountRows("partner_states"), 0);
  EXPECT_EQ(CountRows("events"), 0);
}

}  // namespace
}  // namespace countersign::order
