// Withdrawals, and the two transactions that must not pass each other: a confirmation and a suspension.
#include "order-service/src/store/withdrawal_store.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "order-service/src/store/order_store_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WithdrawalStoreTest : public OrderStoreTest {
 protected:
  static int Bucket() { return events::BucketOf(TestId("partner")); }
  std::vector<Uuid> Partners() { return *withdrawals_.ListPartners(TestDeadline(), Bucket(), Uuid(), 10); }
  Withdrawal Under() { return *withdrawals_.Get(TestDeadline(), TestId("partner")); }
  std::vector<OrderName> Orders() {
    return *withdrawals_.ListOrders(TestDeadline(), TestId("partner"), Under(), Uuid(), 10);
  }

  // Until `count` transactions wait for a lock and go on waiting. Other tests use the server, but none waits so long.
  static void AwaitLockWaits(int count) {
    const std::unique_ptr<mysql::Connection> session = schema_->Connect();
    std::set<std::string> before;
    for (int i = 0; i < 20; ++i) {  // The lock wait itself ends after 3 s.
      // InnoDB shows nothing new before a tenth of a second has passed since it was last asked.
      ASSERT_OK(session->Query("SELECT SLEEP(0.12)", {}));
      auto rows = session->Query("SELECT trx_id FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'", {});
      // MySQL cannot show a transaction whose statement holds bytes that are no text, but has this table.
      if (!rows.ok()) {
        rows = session->Query("SELECT REQUESTING_ENGINE_TRANSACTION_ID FROM performance_schema.data_lock_waits", {});
      }
      ASSERT_OK(rows);
      std::set<std::string> now;
      for (const mysql::Row& row : *rows) now.insert(row.Bytes(0));
      const auto waits_on = [&](const std::string& id) { return before.count(id) != 0; };
      if (std::count_if(now.begin(), now.end(), waits_on) >= count) return;
      before = std::move(now);
    }
    ADD_FAILURE() << "not so many transactions wait for a lock: " << count;
  }

  WithdrawalStore withdrawals_{schema_->database()};
};

TEST_F(WithdrawalStoreTest, AnInactivePartnersWaitingOrdersAreToBeWithdrawn) {
  const Order waiting = Waiting();
  EXPECT_THAT(Partners(), IsEmpty());
  Apply(PartnerState::Of(4, false), "The partner was suspended: papers");
  EXPECT_THAT(Partners(), ElementsAre(waiting.name.partner));
  EXPECT_THAT(*withdrawals_.ListPartners(TestDeadline(), (Bucket() + 1) % events::kBuckets, Uuid(), 10), IsEmpty());
  EXPECT_EQ(Under().reason, "The partner was suspended: papers");
  EXPECT_THAT(Orders(), ElementsAre(waiting.name));
}

TEST_F(WithdrawalStoreTest, ListsGoOnAfterWhatWasListed) {
  const Order waiting = Waiting();
  Apply(PartnerState::Of(4, false));
  EXPECT_THAT(*withdrawals_.ListPartners(TestDeadline(), Bucket(), waiting.name.partner, 10), IsEmpty());
  EXPECT_THAT(*withdrawals_.ListOrders(TestDeadline(), waiting.name.partner, Under(), waiting.name.id, 10), IsEmpty());
}

// Submitted by a replica that did not know seller_version yet.
TEST_F(WithdrawalStoreTest, AnOrderOfUnknownVersionIsWithdrawnWhileItsPartnerIsNotActive) {
  const Order waiting = Waiting();
  schema_->Execute("UPDATE orders SET seller_version = 0");
  Apply(PartnerState::Of(4, false));
  EXPECT_LT(Stored().order.seller_version, Under().inactive_version);
  EXPECT_THAT(Orders(), ElementsAre(waiting.name));
}

TEST_F(WithdrawalStoreTest, AnOrderOfUnknownVersionIsValidWhileItsPartnerIsActive) {
  Waiting();
  schema_->Execute("UPDATE orders SET seller_version = 0");
  Apply(PartnerState::Of(1, false));  // Learnt late.
  EXPECT_THAT(Orders(), IsEmpty());
  const StoredOrder stored = Stored();
  EXPECT_TRUE(stored.partner.StandsBehind(stored.order.seller_version));
  const Order confirmed = *stored.order.Confirm(TestPress(), /*partner_active=*/true, kLater);
  EXPECT_OK(Confirm(confirmed));
}

TEST_F(WithdrawalStoreTest, DraftsAreLeftAlone) {
  Created();
  Apply(PartnerState::Of(4, false));
  EXPECT_THAT(Orders(), IsEmpty());
}

TEST_F(WithdrawalStoreTest, ReinstatingBeforeTheWorkerCameRevivesNothing) {
  const Order waiting = Waiting();
  Apply(PartnerState::Of(4, false), "The partner was suspended: papers");
  Apply(PartnerState::Of(5, true));
  EXPECT_THAT(Partners(), ElementsAre(waiting.name.partner));
  EXPECT_THAT(Orders(), ElementsAre(waiting.name));
  const Order confirmed = *waiting.Confirm(TestPress(), /*partner_active=*/true, kLater);
  EXPECT_TRUE(IsLostRace(Confirm(confirmed)));
}

TEST_F(WithdrawalStoreTest, ASuspensionThatIsLearntAfterTheReinstatementStillWithdraws) {
  const Order waiting = Waiting();
  Apply(PartnerState::Of(5, true));
  Apply(PartnerState::Of(4, false));
  EXPECT_THAT(Orders(), ElementsAre(waiting.name));
  EXPECT_FALSE(Stored().partner.StandsBehind(waiting.seller_version));
}

TEST_F(WithdrawalStoreTest, AChangeWithoutAReasonKeepsTheReason) {
  Apply(PartnerState::Of(4, false), "The partner was suspended: papers");
  Apply(PartnerState::Of(5, false));
  EXPECT_EQ(Under().reason, "The partner was suspended: papers");
  EXPECT_EQ(Under().inactive_version, 5);
}

TEST_F(WithdrawalStoreTest, EndsUnlessThePartnerBecameInactiveAgain) {
  Apply(PartnerState::Of(4, false));
  const Withdrawal first = Under();
  Apply(PartnerState::Of(6, false));
  ASSERT_OK(withdrawals_.End(TestDeadline(), TestId("partner"), first));
  EXPECT_THAT(Partners(), ElementsAre(TestId("partner")));
  ASSERT_OK(withdrawals_.End(TestDeadline(), TestId("partner"), Under()));
  EXPECT_THAT(Partners(), IsEmpty());
}

TEST_F(WithdrawalStoreTest, AConfirmationWaitsForASuspensionThatIsUnderWayAndIsRefused) {
  const Order waiting = Waiting();
  const std::unique_ptr<mysql::Connection> suspension = schema_->Connect();
  ASSERT_OK(suspension->Run("START TRANSACTION"));
  ASSERT_OK(suspension->Execute("UPDATE partner_states SET version = 4, active = 0, inactive_version = 4", {}));
  absl::Status confirmed;
  std::thread press([&] { confirmed = Confirm(*waiting.Confirm(TestPress(), /*partner_active=*/true, kLater)); });
  AwaitLockWaits(1);
  EXPECT_OK(suspension->Run("COMMIT"));
  press.join();
  EXPECT_TRUE(IsLostRace(confirmed)) << confirmed;
  EXPECT_EQ(Stored().order, waiting);
}

TEST_F(WithdrawalStoreTest, ASuspensionWaitsForAConfirmationThatIsUnderWayAndTheConfirmationStands) {
  const Order waiting = Waiting();
  const Order confirmed = *waiting.Confirm(TestPress(), /*partner_active=*/true, kLater);
  // Holds the confirmation up as it writes the acceptance, after the partner's state was looked at.
  const std::unique_ptr<mysql::Connection> hurdle = schema_->Connect();
  ASSERT_OK(hurdle->Run("START TRANSACTION"));
  ASSERT_OK(hurdle->Execute(
      "INSERT INTO acceptances (partner_id, order_id, revision, link_id, purchase_order_number, company_name, "
      "billing_email, billing_address, agreement_version, content_sha256, ip_address, user_agent, press_time) "
      "VALUES (?, ?, 1, '', '', '', '', '', '', '', '', '', '2009-06-01')",
      {waiting.name.partner, waiting.name.id}));
  absl::Status written;
  std::thread press([&] { written = Confirm(confirmed); });
  AwaitLockWaits(1);
  std::thread suspension([&] { Apply(PartnerState::Of(4, false)); });
  AwaitLockWaits(2);
  EXPECT_OK(hurdle->Run("ROLLBACK"));
  press.join();
  suspension.join();
  EXPECT_OK(written);
  EXPECT_EQ(Stored().order, confirmed);
  EXPECT_EQ(Stored().partner, PartnerState::Of(4, false));
  EXPECT_THAT(Orders(), IsEmpty());
}

}  // namespace
}  // namespace countersign::order
