#include "partner-service/src/store/api_key_store.h"

#include <atomic>
#include <thread>
#include <vector>

#include "common/base/error.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

class ApiKeyStoreTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ASSERT_OK(Save(partner_));
  }

  ApiKey NewKey() const {
    return {.partner_id = partner_.partner_id,
            .api_key_id = Uuid::Derived({Uuid::V7(kNow).bytes()}),
            .secret_sha256 = HashOfSecret("secret"),
            .display_name = "ordering ☕",
            .create_time = kNow,
            .update_time = kNow};
  }

  // As CreateApiKey commits it.
  absl::Status Insert(const ApiKey& key) {
    return Commit({key.partner_id, key.api_key_id, key.version}, {},
                  [&](mysql::Connection& connection) { return ApiKeyStore::InsertWithinLimit(connection, key); });
  }
  absl::Status Update(const ApiKey& key) {
    return Commit({key.partner_id, key.api_key_id, key.version}, {ApiKeyStore::Row(key)});
  }

  const Partner partner_ = NewPartner(Uuid::V7(kNow), "P-1001", {}, kNow);
  const ApiKeyStore store_{database_->database()};
};

TEST_F(ApiKeyStoreTest, ReadsBackWhatWasWritten) {
  ApiKey key = NewKey();
  key.expire_time = kNow + absl::Hours(1);
  ASSERT_OK(Insert(key));
  ASSERT_OK_AND_ASSIGN(const ApiKey found, store_.Get(TestDeadline(), key.partner_id, key.api_key_id));
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
  ASSERT_OK(Insert(key));
  const Uuid other = Uuid::V7(kNow);
  EXPECT_THAT(store_.Get(TestDeadline(), other, key.api_key_id), HasReason("API_KEY_NOT_FOUND"));
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
      const absl::Status status = Insert(key);
      made += status.ok() ? 1 : 0;
      refused += DetailsOf(status).reason == "API_KEY_LIMIT" ? 1 : 0;
    });
  }
  for (std::thread& attempt : tries) attempt.join();
  EXPECT_EQ(made, kMaxLiveApiKeys);
  EXPECT_EQ(refused, 8 - kMaxLiveApiKeys);
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM api_keys").at(0).Int(0), kMaxLiveApiKeys);
  EXPECT_THAT(store_.CheckLimit(TestDeadline(), partner_.partner_id, kNow), HasReason("API_KEY_LIMIT"));
}

TEST_F(ApiKeyStoreTest, MakesRoomWhenAKeyIsRevoked) {
  const ApiKey first = NewKey();
  const ApiKey second = NewKey();
  ASSERT_OK(Insert(first));
  ASSERT_OK(Insert(second));
  const ApiKey revoked = Revoke(first, kNow + absl::Hours(1)).value();
  ASSERT_OK(Update(revoked));
  ASSERT_OK_AND_ASSIGN(const ApiKey found, store_.Get(TestDeadline(), first.partner_id, first.api_key_id));
  EXPECT_EQ(found.revoke_time, kNow + absl::Hours(1));
  EXPECT_EQ(found.version, 2);
  EXPECT_TRUE(IsLostRace(Update(revoked)));
  const ApiKey third = NewKey();
  EXPECT_OK(Insert(third));
}

TEST_F(ApiKeyStoreTest, ListsThePartnersKeysInTheOrderOfCreation) {
  std::vector<Uuid> ids;
  for (int i = 0; i < 3; ++i) {
    ApiKey key = NewKey();
    key.create_time = kNow + i * absl::Hours(1);
    key.expire_time = kNow + (i + 1) * absl::Hours(1);
    ASSERT_OK(Insert(key));
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
    ASSERT_OK(Insert(key));
  }
  ApiKey key = NewKey();
  EXPECT_THAT(Insert(key), HasReason("API_KEY_LIMIT"));
  key.create_time = kNow + absl::Hours(1);
  EXPECT_OK(Insert(key));
}

TEST_F(ApiKeyStoreTest, RecordsAUseOnceAMinuteAndLeavesTheVersion) {
  const ApiKey key = NewKey();
  ASSERT_OK(Insert(key));
  const auto last_use = [&] {
    return store_.Get(TestDeadline(), key.partner_id, key.api_key_id).value_or(ApiKey()).last_use_time;
  };
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow));
  EXPECT_EQ(last_use(), kNow);
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow + absl::Seconds(59)));
  EXPECT_EQ(last_use(), kNow);
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow + absl::Seconds(60)));
  EXPECT_EQ(last_use(), kNow + absl::Seconds(60));
  EXPECT_EQ(store_.Get(TestDeadline(), key.partner_id, key.api_key_id).value_or(ApiKey()).version, 1);
}

TEST_F(ApiKeyStoreTest, NeverOverwritesAKeyWithTheSameKeyId) {
  const ApiKey first = NewKey();
  ASSERT_OK(Insert(first));
  ApiKey second = NewKey();
  std::string id(first.api_key_id.bytes());
  id.back() = static_cast<char>(id.back() ^ 1);
  second.api_key_id = Uuid::FromBytes(id).value();
  ASSERT_EQ(KeyIdOf(second), KeyIdOf(first));
  second.secret_sha256 = HashOfSecret("another secret");
  EXPECT_TRUE(IsLostRace(Insert(second)));
  ASSERT_OK_AND_ASSIGN(const ApiKey found, store_.Get(TestDeadline(), first.partner_id, first.api_key_id));
  EXPECT_EQ(found.secret_sha256, first.secret_sha256);
}

TEST_F(ApiKeyStoreTest, KeepsTheLastUseWhenAKeyIsRevoked) {
  const ApiKey key = NewKey();
  ASSERT_OK(Insert(key));
  ASSERT_OK(store_.RecordUse(TestDeadline(), key, kNow + absl::Hours(1)));
  ASSERT_OK(Update(Revoke(key, kNow + absl::Hours(2)).value()));
  ASSERT_OK_AND_ASSIGN(const ApiKey found, store_.Get(TestDeadline(), key.partner_id, key.api_key_id));
  EXPECT_EQ(found.last_use_time, kNow + absl::Hours(1));
  EXPECT_EQ(found.revoke_time, kNow + absl::Hours(2));
}

}  // namespace
}  // namespace countersign::partner
