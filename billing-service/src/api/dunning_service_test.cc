// Dunning ladders and holds, as operators see them.
#include <string>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/dunning.pb.h"
#include "countersign/billing/v1/dunning_ladder.pb.h"
#include "countersign/billing/v1/dunning_ladder_service.grpc.pb.h"
#include "countersign/billing/v1/dunning_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class DunningServiceTest : public ApiTest {
 protected:
  // The migrations' own ladder stays.
  void SetUp() override {
    database_->Clear({"dunning_ladders", "fee_schedules"});
    database_->Execute("DELETE FROM dunning_ladders WHERE effective_date > '2009-01-01'");
  }

  static v1::CreateDunningLadderRequest LadderRequest(Date from) {
    v1::CreateDunningLadderRequest request;
    v1::DunningLadder& ladder = *request.mutable_dunning_ladder();
    *ladder.mutable_effective_date() = rpc::ToProto(from);
    v1::DunningLadder::Rung& first = *ladder.add_rungs();
    first.set_days_after_due(5);
    first.set_state(v1::Dunning::STATE_REMINDED);
    v1::DunningLadder::Rung& last = *ladder.add_rungs();
    last.set_days_after_due(20);
    last.set_state(v1::Dunning::STATE_SUSPENDED);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::DunningLadder> CreateLadder(const v1::CreateDunningLadderRequest& request) {
    return Call(&v1::DunningLadderService::Stub::CreateDunningLadder, request);
  }
  absl::StatusOr<v1::Dunning> Hold(const v1::SetDunningHoldRequest& request) {
    return Call(&v1::DunningService::Stub::SetDunningHold, request);
  }
  v1::SetDunningHoldRequest HoldRequest() const {
    v1::SetDunningHoldRequest request;
    request.set_name(account_ + "/dunning");
    *request.mutable_hold_until_date() = rpc::ToProto(Date(2009, 6, 20));
    request.set_reason("The customer disputes the invoice.");
    request.set_request_id(NewRequestId());
    return request;
  }
};

TEST_F(DunningServiceTest, ALadderIsAVersionFromTomorrowOn) {
  v1::CreateDunningLadderRequest request = LadderRequest(Date(2009, 6, 2));
  request.set_validate_only(true);
  ASSERT_OK(CreateLadder(request).status());
  request.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::DunningLadder created, CreateLadder(request));
  ASSERT_OK_AND_ASSIGN(const v1::DunningLadder again, CreateLadder(request));
  EXPECT_EQ(again.SerializeAsString(), created.SerializeAsString());
  v1::GetDunningLadderRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::DunningLadder read, Call(&v1::DunningLadderService::Stub::GetDunningLadder, get));
  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
  EXPECT_EQ(read.rungs_size(), 2);
  EXPECT_EQ(read.rungs(1).state(), v1::Dunning::STATE_SUSPENDED);

  EXPECT_THAT(CreateLadder(LadderRequest(Date(2009, 6, 2))), HasReason("DUNNING_LADDER_EXISTS"));
  EXPECT_THAT(CreateLadder(LadderRequest(Date(2009, 6, 1))), HasReason("DUNNING_LADDER_IN_THE_PAST"));
  v1::ListDunningLaddersRequest list;
  ASSERT_OK_AND_ASSIGN(const v1::ListDunningLaddersResponse page,
                       Call(&v1::DunningLadderService::Stub::ListDunningLadders, list));
  ASSERT_EQ(page.dunning_ladders_size(), 2);
  EXPECT_EQ(page.dunning_ladders(0).rungs(2).days_after_due(), 60) << "the one that is built in";
}

TEST_F(DunningServiceTest, RungsThatAreNoLadderAreRefused) {
  v1::CreateDunningLadderRequest request = LadderRequest(Date(2009, 7, 1));
  request.mutable_dunning_ladder()->mutable_rungs(1)->set_state(v1::Dunning::STATE_CLEAR);
  request.mutable_dunning_ladder()->clear_effective_date();
  ExpectViolations(CreateLadder(request).status(), {"dunning_ladder.effective_date", "dunning_ladder.rungs"});
  request.mutable_dunning_ladder()->clear_rungs();
  ExpectViolations(CreateLadder(request).status(), {"dunning_ladder.effective_date", "dunning_ladder.rungs"});
  EXPECT_EQ(CountRows("events"), 0);
}

TEST_F(DunningServiceTest, AHoldHasAReasonAndAnEnd) {
  EXPECT_THAT(Hold(HoldRequest()), HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  OpenInvoice();
  v1::GetDunningRequest get;
  get.set_name(account_ + "/dunning");
  ASSERT_OK_AND_ASSIGN(const v1::Dunning before, Call(&v1::DunningService::Stub::GetDunning, get));
  EXPECT_EQ(before.state(), v1::Dunning::STATE_CLEAR);
  EXPECT_FALSE(before.has_update_time());

  v1::SetDunningHoldRequest request = HoldRequest();
  request.set_etag(before.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Dunning held, Hold(request));
  EXPECT_EQ(held.hold_until_date().day(), 20);
  ASSERT_OK_AND_ASSIGN(const v1::Dunning read, Call(&v1::DunningService::Stub::GetDunning, get));
  EXPECT_EQ(read.SerializeAsString(), held.SerializeAsString());
  EXPECT_EQ(EventOf<v1::BillingAccountEvent>("DUNNING_HOLD_SET").dunning_state(), v1::Dunning::STATE_CLEAR);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Hold(request), HasReason("ETAG_MISMATCH"));

  v1::ListDunningsRequest list;
  list.set_filter("hold_until_date > \"2009-06-19\"");
  ASSERT_OK_AND_ASSIGN(const v1::ListDunningsResponse page, Call(&v1::DunningService::Stub::ListDunnings, list));
  ASSERT_EQ(page.dunnings_size(), 1);
  EXPECT_EQ(page.dunnings(0).hold_reason(), request.reason());

  request = HoldRequest();
  request.clear_hold_until_date();
  ASSERT_OK_AND_ASSIGN(const v1::Dunning ended, Hold(request));
  EXPECT_FALSE(ended.has_hold_until_date());
  EXPECT_EQ(ended.hold_reason(), "");
  EXPECT_EQ(CountRows("events WHERE type = 'DUNNING_HOLD_ENDED'"), 1);
}

TEST_F(DunningServiceTest, AHoldThatEndsTodayOrNeverIsRefused) {
  OpenInvoice();
  v1::SetDunningHoldRequest request = HoldRequest();
  request.set_name("billingAccounts/-/dunning");
  request.clear_reason();
  ExpectViolations(Hold(request).status(), {"name", "reason"});
  for (const Date until : {Date(2009, 6, 1), Date(2010, 6, 2)}) {
    request = HoldRequest();
    *request.mutable_hold_until_date() = rpc::ToProto(until);
    ExpectViolations(Hold(request).status(), {"hold_until_date"});
  }
  EXPECT_THAT(Call(&v1::DunningService::Stub::SetDunningHold, HoldRequest(), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(CountRows("dunnings"), 0);
}

}  // namespace
}  // namespace countersign::billing
