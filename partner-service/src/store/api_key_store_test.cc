#include "partner-service/src/store/api_key_store.h"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "partner-service/src/store/migrations.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);

class ApiKeyStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }
  void SetUp() override {
    database_->Clear({"agreements"});
    partner_.partner_id = Uuid::V7(kNow);
    partner_.partner_number = "P-1001";
    partner_.create_time = partner_.update_time = kNow;
    ASSERT_OK(partners_.Insert(TestDeadline(), partner_, ChangeOf(partner_.partner_id, partner_.partner_id, 1)));
  }

  ApiKey NewKey() const {
    return {.partner_id = partner_.partner_id,
            .api_key_id = Uuid::Derived({Uuid::V7(kNow).bytes()}),
            .secret_sha256 = HashOfSecret("secret"),
            .display_name = "ordering ☕",
            .create_time = kNow,
            .update_time = kNow};
  }

  static events::Change ChangeOf(const Uuid& tenant, const Uuid& aggregate, int64_t version) {
    events::Event event;
    event.tenant = tenant;
    event.aggregate = aggregate;
    event.version = version;
    event.type = "CHANGED";
    event.actor = "operators/test";
    event.create_time = kNow;
    events::Change change;
    change.events.push_back(event);
    return change;
  }
  static events::Change ChangeOf(const ApiKey& key) { return ChangeOf(key.partner_id, key.api_key_id, key.version); }

  static TestDatabase* database_;
  Partner partner_;
  PartnerStore partners_{database_->database()};
  ApiKeyStore store_{database_->database()};
};
TestDatabase* ApiKeyStoreTest::database_ = nullptr;

TEST_F(ApiKeyStoreTest, ReadsBackWhatWasWritten) {
  ApiKey key = NewKey();
  key.expire_time = kNow + absl::Hours(1);
  ASSERT_OK(store_.Insert(TestDeadline(), key, ChangeOf(key)));
  ASSERT_OK_AND_ASSIGN(const ApiKey found, store_.Find(TestDeadline(), key.partner_id, key.api_key_id));
  EXPECT_EQ(found.api_key_id, key.api_key_id);
  EXPECT_EQ(found.secret_sha256, key.secret_sha256);
  EXPECT_EQ(found.display_name, key.display_name);
  EXPECT_EQ(found.expire_time, key.expire_time);
  EXPECT_EQ(found.revoke_time, std::nullopt);
  EXPECT_EQ(found.last_use_time, std::nullopt);
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.create_time, kNow);
  ASSERT_OK_AND_ASSIGN(const auto by_id, store_.FindByKeyId(TestDeadline(), key.partner_id, KeyIdOf(key)));
  ASSERT_TRUE(by_id.has_value());
  EXPECT_EQ(by_id->api_key_id, key.api_key_id);
}

TEST_F(ApiKeyStoreTest, FindsNoKeyUnderAnotherPartner) {
  const ApiKey key = NewKey();
  ASSERT_OK(store_.Insert(TestDeadline(), key, ChangeOf(key)));
  const Uuid other = Uuid::V7(kNow);
  EXPECT_THAT(store_.Find(TestDeadline(), other, key.api_key_id), HasReason("API_KEY_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const auto by_id, store_.FindByKeyId(TestDeadline(), other, KeyIdOf(key)));
  EXPECT_FALSE(by_id.has_value());
}

TEST_F(ApiKeyStoreTest, KeepsTwoLiveKeysHoweverManyTryAtOnce) {
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> tries;
  for (int i = 0; i < 8; ++i) {
    tries.emplace_back([&] {
      const ApiKey key = NewKey();
      const absl::Status status = store_.Insert(TestDeadline(), key, ChangeOf(key));
      made += status.ok() ? 1 : 0;
      refused += DetailsOf(status).reason == "API_KEY_LIMIT" ? 1 : 0;
    });
  }
  for (std::thread& attempt : tries) attempt.join();
  EXPECT_EQ(made, kMaxLiveApiKeys);
  EXPECT_EQ(refused, 8 - kMaxLiveApiKeys);
  EXPECT_EQ(store_.CountLive(TestDeadline(), partner_.partner_id, kNow).value_or(-1), kMaxLiveApiKeys);
}

TEST_F(ApiKeyStoreTest, MakesRoomWhenAKeyIsRevoked) {
  const ApiKey first = NewKey();
  const ApiKey second = NewKey();
  ASSERT_OK(store_.Insert(TestDeadline(), first, ChangeOf(first)));
  ASSERT_OK(store_.Insert(TestDeadline(), second, ChangeOf(second)));
  const ApiKey revoked = Revoke(first, kNow + absl::Hours(1)).value();
  ASSERT_OK(store_.Update(TestDeadline(), revoked, ChangeOf(revoked)));
  ASSERT_OK_AND_ASSIGN(const ApiKey found, store_.Find(TestDeadline(), first.partner_id, first.api_key_id));
  EXPECT_EQ(found.revoke_time, kNow + absl::Hours(1));
  EXPECT_EQ(found.version, 2);
  EXPECT_TRUE(IsLostRace(store_.Update(TestDeadline(), revoked, ChangeOf(revoked))));
  const ApiKey third = NewKey();
  EXPECT_OK(store_.Insert(TestDeadline(), third, ChangeOf(third)));
}

TEST_F(ApiKeyStoreTest, ListsThePartnersKeysInTheOrderOfCreation) {
  std::vector<Uuid> ids;
  for (int i = 0; i < 3; ++i) {
    ApiKey key = NewKey();
    key.create_time = kNow + i * absl::Hours(1);
    key.expire_time = kNow + (i + 1) * absl::Hours(1);
    ASSERT_OK(store_.Insert(TestDeadline(), key, ChangeOf(key)));
    ids.push_back(key.api_key_id);
  }
  ASSERT_OK_AND_ASSIGN(const mysql::Page<ApiKey> first, store_.List(TestDeadline(), partner_.partner_id, {.size = 2}));
  ASSERT_EQ(first.items.size(), 2);
  EXPECT_EQ(first.items[0].api_key_id, ids[0]);
  EXPECT_EQ(first.items[1].api_key_id, ids[1]);
  ASSERT_OK_AND_ASSIGN(const mysql::Page<ApiKey> second,
                       store_.List(TestDeadline(), partner_.partner_id, {.after = first.next, .size = 2}));
  ASSERT_EQ(second.items.size(), 1);
  EXPECT_EQ(second.items[0].api_key_id, ids[2]);
  ASSERT_OK_AND_ASSIGN(const mysql::Page<ApiKey> none, store_.List(TestDeadline(), Uuid::V7(kNow), {.size = 2}));
  EXPECT_TRUE(none.items.empty());
}

TEST_F(ApiKeyStoreTest, DoesNotCountExpiredKeys) {
  for (int i = 0; i < 2; ++i) {
    ApiKey key = NewKey();
    key.expire_time = kNow + absl::Hours(1);
    ASSERT_OK(store_.Insert(TestDeadline(), key, ChangeOf(key)));
  }
  ApiKey key = NewKey();
  EXPECT_THAT(store_.Insert(TestDeadline(), key, ChangeOf(key)), HasReason("API_KEY_LIMIT"));
  key.create_time = kNow + absl::Hours(1);
  EXPECT_OK(store_.Insert(TestDeadline(), key, ChangeOf(key)));
}

TEST_F(ApiKeyStoreTest, RecordsAUseOnceAMinuteAndLeavesTheVersion) {
  const ApiKey key = NewKey();
  ASSERT_OK(store_.Insert(TestDeadline(), key, ChangeOf(key)));
  const auto last_use = [&] {
    return store_.Find(TestDeadline(), key.partner_id, key.api_key_id).value_or(ApiKey()).last_use_time;
  };
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow));
  EXPECT_EQ(last_use(), kNow);
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow + absl::Seconds(59)));
  EXPECT_EQ(last_use(), kNow);
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow + absl::Seconds(60)));
  EXPECT_EQ(last_use(), kNow + absl::Seconds(60));
  EXPECT_EQ(store_.Find(TestDeadline(), key.partner_id, key.api_key_id).value_or(ApiKey()).version, 1);
}

}  // namespace
}  // namespace countersign::partner
