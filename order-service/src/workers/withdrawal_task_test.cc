// Suspending or terminating a partner withdraws its waiting orders, for good.
#include "order-service/src/workers/withdrawal_task.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/partner_state_service.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"
#include "order-service/src/store/order_store.h"
#include "order-service/src/store/withdrawal_store.h"
#include "order-service/src/workers/link_relay.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using link::v1::Link;
using partner::v1::Partner;

class WithdrawalTaskTest : public ApiTest {
 protected:
  void Apply(int64_t version, Partner::State state, const std::string& reason = "") {
    v1::ApplyPartnerStateRequest request = PartnerStateRequest(version, state == Partner::STATE_ACTIVE);
    request.set_state(state);
    request.set_reason(reason);
    EXPECT_OK(Call(&PartnerStateStub::ApplyPartnerState, request, kPartnerService));
    partners_.partner.set_state(state);
    partners_.partner.set_version(version);
  }

  // One turn of the worker on every bucket; how many failed.
  int Withdraw() {
    int failed = 0;
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) failed += task_.run(bucket, TestDeadline()).ok() ? 0 : 1;
    return failed;
  }

  const OrderStore orders_{database_->database()};
  const WithdrawalStore withdrawals_{database_->database()};
  const events::BucketTask task_ = WithdrawalTask(withdrawals_, orders_, committer_, clock_);
  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "order-service@test"}, {LinkConsumer(links_)}, {});
};

TEST_F(WithdrawalTaskTest, ASuspensionWithdrawsWhatWaitsAndRevokesItsLinks) {
  const v1::Order draft = CreateOrder();
  const v1::Order confirmed = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(confirmed), kLinkService));
  const v1::Order first = WaitingOrder().order();
  const v1::Order second = WaitingOrder().order();
  Apply(4, Partner::STATE_SUSPENDED, "papers are missing");
  EXPECT_EQ(Withdraw(), 0);
  for (const v1::Order& waiting : {first, second}) {
    const v1::Order withdrawn = Read(waiting);
    EXPECT_EQ(withdrawn.state(), v1::Order::STATE_CANCELLED);
    EXPECT_EQ(withdrawn.state_reason(), "The partner was suspended: papers are missing");
  }
  EXPECT_EQ(Read(draft).state(), v1::Order::STATE_DRAFT);
  EXPECT_EQ(Read(confirmed).state(), v1::Order::STATE_CONFIRMED);
  ASSERT_OK(relay_->Drain(TestDeadline()));
  EXPECT_THAT(links_.outcomes,
              UnorderedElementsAre(Pair(confirmed.link(), Link::STATE_CONFIRMED),
                                   Pair(first.link(), Link::STATE_REVOKED), Pair(second.link(), Link::STATE_REVOKED)));
  const auto events = database_->Query("SELECT actor, reason FROM events WHERE type = 'ORDER_CANCELLED'");
  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0].Bytes(0), "services/order-service");
  EXPECT_EQ(events[0].Bytes(1), "The partner was suspended: papers are missing");
}

TEST_F(WithdrawalTaskTest, ATerminationSaysSo) {
  const v1::Order waiting = WaitingOrder().order();
  Apply(4, Partner::STATE_TERMINATED, "left");
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(Read(waiting).state_reason(), "The partner left the programme: left");
}

TEST_F(WithdrawalTaskTest, AReasonOfFullLengthIsShortened) {
  const v1::Order waiting = WaitingOrder().order();
  std::string reason;
  for (int i = 0; i < 500; ++i) reason += "é";
  Apply(4, Partner::STATE_SUSPENDED, reason);
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_THAT(Read(waiting).state_reason(),
              ::testing::AllOf(::testing::StartsWith("The partner was suspended: éé"), ::testing::EndsWith("éé…")));
}

TEST_F(WithdrawalTaskTest, ReinstatingRevivesNone) {
  const v1::Order waiting = WaitingOrder().order();
  const v1::Order draft = CreateOrder();
  Apply(4, Partner::STATE_SUSPENDED, "papers");
  Apply(5, Partner::STATE_ACTIVE);
  // The worker has not come yet: the order can be confirmed no more, nor get another link.
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("PARTNER_NOT_ACTIVE"));
  EXPECT_THAT(Call(&Stub::ReissueLink, ReissueRequest(waiting)), HasReason("PARTNER_NOT_ACTIVE"));
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_CANCELLED);
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService), HasReason("ORDER_STATE"));
  // What is submitted from now on stays.
  const v1::Order submitted = SubmitOrder(draft).order();
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(Read(submitted).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  EXPECT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(submitted), kLinkService));
}

TEST_F(WithdrawalTaskTest, ASuspensionThatArrivesAfterTheReinstatementWithdrawsToo) {
  const v1::Order waiting = WaitingOrder().order();
  partners_.partner.set_version(5);  // Suspended at 4, reinstated at 5: SubmitOrder learns that first.
  const v1::Order submitted = WaitingOrder().order();
  ApplyPartnerState(4, false);
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(Read(waiting).state(), v1::Order::STATE_CANCELLED);
  EXPECT_EQ(Read(waiting).state_reason(), "The partner is not active.");
  EXPECT_EQ(Read(submitted).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
}

TEST_F(WithdrawalTaskTest, ADraftOfASuspendedPartnerStaysADraft) {
  const v1::Order draft = CreateOrder();
  Apply(4, Partner::STATE_SUSPENDED, "papers");
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(Read(draft).state(), v1::Order::STATE_DRAFT);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("PARTNER_NOT_ACTIVE"));
}

TEST_F(WithdrawalTaskTest, AnOrderThatCannotBeReadKeepsNoOtherFromBeingWithdrawn) {
  WaitingOrder();
  clock_.Advance(absl::Hours(1));
  const v1::Order later = WaitingOrder().order();
  database_->Execute("UPDATE orders SET order_lines = 'x' ORDER BY submit_time LIMIT 1");
  Apply(4, Partner::STATE_SUSPENDED, "papers");
  EXPECT_EQ(Withdraw(), 1);
  EXPECT_EQ(Read(later).state(), v1::Order::STATE_CANCELLED);
  EXPECT_EQ(Withdraw(), 1);  // It is tried again, and is not forgotten.
}

TEST_F(WithdrawalTaskTest, OneTurnWithdrawsMoreThanOneQueryLists) {
  WaitingOrder();
  // Copies of the order, the first hundred of which cannot be read.
  const std::vector<mysql::Row> columns = database_->Query(
      "SELECT GROUP_CONCAT(column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND "
      "table_name = 'orders' AND column_name <> 'order_id'");
  const std::string list = columns.at(0).Bytes(0);
  for (int i = 1; i < 250; ++i) {
    database_->Execute(
        absl::StrCat("INSERT INTO orders (order_id, ", list, ") SELECT ?, ", list, " FROM orders LIMIT 1"),
        {Uuid::Derived({absl::StrCat(i)})});
  }
  database_->Execute("UPDATE orders SET order_lines = 'x' ORDER BY order_id LIMIT 100");
  Apply(4, Partner::STATE_SUSPENDED, "papers");
  EXPECT_EQ(Withdraw(), 1);
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM orders WHERE state = 'CANCELLED'").at(0).Int(0), 150);
  EXPECT_EQ(CountRows("orders"), 250);
}

TEST_F(WithdrawalTaskTest, AWorkerThatHasFinishedLooksAtNoOrderAgain) {
  WaitingOrder();
  Apply(4, Partner::STATE_SUSPENDED, "papers");
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(Withdraw(), 0);
  EXPECT_EQ(database_->Query("SELECT withdrawing FROM partner_states").at(0).Int(0), 0);
}

}  // namespace
}  // namespace countersign::order
