// What a migration makes of the rows that it finds.
#include "order-service/src/store/migrations.h"

#include <memory>
#include <vector>

#include "common/events/change.h"
#include "common/mysql/migrate.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_order.h"
#include "order-service/src/store/order_store.h"
#include "order-service/src/store/partner_state_store.h"
#include "order-service/src/store/withdrawal_store.h"

namespace countersign::order {
namespace {

using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

constexpr char kWaitingOrder[] =
    "INSERT INTO orders (partner_id, order_id, version, bucket, order_number, state, state_reason, revision, "
    "links_made, kind, customer_id, partner_of_record_id, currency, order_lines, total_micros, billing_period_months, "
    "term_months, partner_reference, subscriptions, submit_time, expire_time, create_time, update_time) "
    "VALUES (?, ?, 2, ?, '', 'AWAITING_CONFIRMATION', '', 1, 1, 'NEW', ?, ?, 'USD', '[]', 0, 1, 12, '', '', "
    "'2009-06-01', '2009-07-01', '2009-06-01', '2009-06-01')";

// A schema from before withdrawals, with an active and a suspended partner and a waiting order of each.
class WithdrawalMigrationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AddOrder(active_, true);
    AddOrder(suspended_, false);
    const std::unique_ptr<mysql::Connection> connection = schema_.Connect();
    ASSERT_OK(mysql::Migrate(*connection, AllMigrations()));
  }

  void AddOrder(const OrderName& name, bool active) {
    schema_.Execute("INSERT INTO partner_states (partner_id, version, active) VALUES (?, 5, ?)",
                    {name.partner, active});
    schema_.Execute(kWaitingOrder,
                    {name.partner, name.id, events::BucketOf(name.partner), TestId("customer"), name.partner});
  }

  bool StandsBehind(const OrderName& name) {
    const StoredOrder stored = *orders_.Get(TestDeadline(), name);
    return stored.partner.StandsBehind(stored.order.seller_version);
  }

  static std::vector<mysql::Migrations> Before() {
    std::vector<mysql::Migrations> migrations = AllMigrations();
    migrations.back().files.resize(2);
    migrations.back().updated_columns.clear();  // Some came later.
    return migrations;
  }

  const OrderName active_{TestId("active"), TestId("order")};
  const OrderName suspended_{TestId("suspended"), TestId("order")};
  TestDatabase schema_{Before()};
  OrderStore orders_{schema_.database()};
  PartnerStateStore states_{schema_.database()};
  WithdrawalStore withdrawals_{schema_.database()};
};

TEST_F(WithdrawalMigrationTest, AnActivePartnersWaitingOrdersStayValidWhateverOldStateIsLearntLate) {
  EXPECT_TRUE(StandsBehind(active_));
  const PartnerState known = *states_.Known(TestDeadline(), active_.partner);
  EXPECT_FALSE(PartnerState::Of(1, false).IsNewsTo(known));
  EXPECT_FALSE(PartnerState::Of(4, false).IsNewsTo(known));
  EXPECT_TRUE(PartnerState::Of(6, false).IsNewsTo(known));
}

TEST_F(WithdrawalMigrationTest, ASuspendedPartnersWaitingOrdersAreToBeWithdrawn) {
  EXPECT_FALSE(StandsBehind(suspended_));
  const Withdrawal withdrawal = *withdrawals_.Get(TestDeadline(), suspended_.partner);
  EXPECT_EQ(withdrawal.inactive_version, 5);
  const int bucket = events::BucketOf(suspended_.partner);
  EXPECT_EQ(*withdrawals_.ListPartners(TestDeadline(), bucket, Uuid(), 10), std::vector<Uuid>{suspended_.partner});
  EXPECT_EQ(*withdrawals_.ListOrders(TestDeadline(), suspended_.partner, withdrawal, Uuid(), 10),
            std::vector<OrderName>{suspended_});
}

}  // namespace
}  // namespace countersign::order
