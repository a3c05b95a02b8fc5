// One order in a schema of its own, for the tests of the stores.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_TEST_BASE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_TEST_BASE_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_order.h"
#include "order-service/src/store/migrations.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

inline const absl::Time kLater = TestMorning() + absl::Hours(1);
// What Submit learns of the partner.
inline constexpr PartnerState kActive{kTestSeller, true, 0};

inline Acceptance TestAcceptance() {
  Acceptance acceptance;
  acceptance.purchase_order_number = "PO-17";
  acceptance.company_name = "Ørsted & Søn";
  acceptance.billing_email = "billing@example.com";
  acceptance.billing_address = {"JP", "100-0001", "東京都", "千代田区", {"千代田1-1", "2階"}, {"経理部"}, "株式会社"};
  acceptance.agreement_version = "2009-06";
  acceptance.content_sha256 = std::string(32, '\x7f');
  acceptance.ip_address = "2001:db8::1";
  acceptance.user_agent = "Mozilla/5.0";
  acceptance.press_time = kLater;
  return acceptance;
}

class OrderStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { schema_ = new testing::TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(schema_, nullptr); }
  void SetUp() override { schema_->Clear({"offers", "prices", "price_tiers"}); }

  // One event for the version that the order takes.
  static events::Change ChangeOf(const Order& order) {
    events::Event event;
    event.tenant = order.name.partner;
    event.aggregate = order.name.id;
    event.version = order.version;
    event.type = "ORDER_TESTED";
    event.actor = "services/test";
    event.create_time = order.update_time;
    return {{event}, std::nullopt};
  }

  Order Created() {
    const Order draft = TestDraft();
    EXPECT_OK(store_.Create(testing::TestDeadline(), draft, ChangeOf(draft)));
    return draft;
  }

  Order Waiting() {
    Created();
    const StoredOrder before = *store_.Get(testing::TestDeadline(), TestDraft().name);
    const Order waiting = TestWaiting();
    EXPECT_OK(store_.Submit(testing::TestDeadline(), before, waiting, kActive, ChangeOf(waiting)));
    return waiting;
  }

  // The partner's state, as partner-service pushes it.
  void Apply(const PartnerState& state, const char* withdraw_reason = "") {
    events::Change change = ChangeOf(TestDraft());
    change.events[0].aggregate = TestId("partner");
    change.events[0].version = state.version;
    EXPECT_OK(store_.ApplyPartnerState(testing::TestDeadline(), TestId("partner"), state, withdraw_reason, change));
  }

  StoredOrder Stored() { return *store_.Get(testing::TestDeadline(), TestDraft().name); }

  static inline testing::TestDatabase* schema_ = nullptr;
  OrderStore store_{schema_->database()};
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_TEST_BASE_H_
