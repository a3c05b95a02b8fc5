// One order in a schema of its own, for the tests of the stores.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_TEST_BASE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_TEST_BASE_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/committer.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_order.h"
#include "order-service/src/store/migrations.h"
#include "order-service/src/store/order_store.h"
#include "order-service/src/store/partner_state_store.h"

namespace countersign::order {

inline const absl::Time kLater = TestMorning() + absl::Hours(1);
// The partner's state as Submit learns it.
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
  acceptance.confirmer_name = "Åse Ørsted";
  acceptance.confirmer_title = "経理部長";
  acceptance.confirmer_email = "aase@example.com";
  acceptance.tax_id = "DK12345678";
  acceptance.language_code = "da";
  return acceptance;
}

class OrderStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { schema_ = &testing::TestDatabase::Shared(AllMigrations()); }
  void SetUp() override { schema_->Clear({"offers", "prices", "price_tiers"}); }

  static events::Event EventOf(const Order& order) {
    events::Event event;
    event.tenant = order.name.partner;
    event.aggregate = order.name.id;
    event.version = order.version;
    event.type = "ORDER_TESTED";
    event.actor = "services/test";
    event.create_time = order.update_time;
    return event;
  }

  // An event of this version of the order, and what else it writes.
  absl::Status Commit(const Order& order, std::vector<mysql::RowWrite> rows, std::vector<events::RowGuard> guards = {},
                      std::function<absl::Status(mysql::Connection&)> also = nullptr) {
    return committer_.Commit(testing::TestDeadline(), {.events = {EventOf(order)},
                                                       .reply = std::nullopt,
                                                       .rows = std::move(rows),
                                                       .guards = std::move(guards),
                                                       .also = std::move(also)});
  }

  absl::Status Write(const Order& order) { return Commit(order, {OrderStore::Row(order)}); }

  // With what Submit learnt of the partner.
  absl::Status Submit(const StoredOrder& before, const Order& order) {
    return Commit(order, OrderStore::RowsOfSubmitted(before, order),
                  {PartnerStateStore::StandsBehind(order.name.partner, order.seller_version)},
                  PartnerStateStore::TakeOver({order.name.partner, kActive}));
  }

  absl::Status Confirm(const Order& order) {
    return Commit(order, OrderStore::RowsOfConfirmed(order, TestAcceptance()),
                  {PartnerStateStore::StandsBehind(order.name.partner, order.seller_version)});
  }

  Order Created() {
    const Order draft = TestDraft();
    EXPECT_OK(Write(draft));
    return draft;
  }

  Order Waiting() {
    Created();
    const Order waiting = TestWaiting();
    EXPECT_OK(Submit(Stored(), waiting));
    return waiting;
  }

  // The partner's state, as partner-service pushes it.
  // By another replica, so that what is committed here is not committed together with it.
  void Apply(const PartnerState& state, const char* withdraw_reason = "") {
    Order partner = TestDraft();
    partner.name.id = partner.name.partner;
    partner.version = state.version;
    EXPECT_OK(elsewhere_.Commit(testing::TestDeadline(),
                                {.events = {EventOf(partner)},
                                 .reply = std::nullopt,
                                 .also = PartnerStateStore::TakeOver({partner.name.partner, state, withdraw_reason})}));
  }

  StoredOrder Stored() { return *store_.Get(testing::TestDeadline(), TestDraft().name); }

  static inline testing::TestDatabase* schema_ = nullptr;
  events::Committer committer_{schema_->database()};
  events::Committer elsewhere_{schema_->database()};
  OrderStore store_{schema_->database()};
  PartnerStateStore states_{schema_->database()};
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_TEST_BASE_H_
