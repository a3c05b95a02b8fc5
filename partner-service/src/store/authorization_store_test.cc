#include "partner-service/src/store/authorization_store.h"

#include <utility>
#include <vector>

#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);

class AuthorizationStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }

  Authorization NewAuthorization(absl::string_view product) const {
    return {.partner_id = partner_,
            .authorization_id = Uuid::V7(kNow),
            .product = std::string(product),
            .start_time = kNow,
            .create_time = kNow,
            .update_time = kNow};
  }

  static events::Change ChangeOf(const Authorization& authorization) {
    events::Event event;
    event.tenant = authorization.partner_id;
    event.aggregate = authorization.authorization_id;
    event.version = authorization.version;
    event.type = "AUTHORIZATION_CHANGED";
    event.actor = "operators/test";
    event.create_time = kNow;
    events::Change change;
    change.events.push_back(event);
    return change;
  }

  std::set<std::string> ProductsAt(absl::Time now) {
    return store_.ProductsInForce(TestDeadline(), partner_, now).value_or(std::set<std::string>{"error"});
  }

  static TestDatabase* database_;
  const Uuid partner_ = Uuid::V7(kNow);
  AuthorizationStore store_{database_->database()};
};
TestDatabase* AuthorizationStoreTest::database_ = nullptr;

TEST_F(AuthorizationStoreTest, KnowsWhatMayBeSoldAtAnyTime) {
  Authorization all = NewAuthorization(kAllOffers);
  all.end_time = kNow + absl::Hours(2);
  ASSERT_OK(store_.Insert(TestDeadline(), all, ChangeOf(all)));
  Authorization suite = NewAuthorization("bpos-standard-suite");
  suite.start_time = kNow + absl::Hours(1);
  ASSERT_OK(store_.Insert(TestDeadline(), suite, ChangeOf(suite)));

  EXPECT_THAT(ProductsAt(kNow - absl::Microseconds(1)), IsEmpty());
  EXPECT_THAT(ProductsAt(kNow), ElementsAre("-"));
  EXPECT_THAT(ProductsAt(kNow + absl::Hours(1)), ElementsAre("-", "bpos-standard-suite"));
  EXPECT_THAT(ProductsAt(kNow + absl::Hours(2)), ElementsAre("bpos-standard-suite"));
}

TEST_F(AuthorizationStoreTest, ReadsBackAndEndsWhatWasWritten) {
  const Authorization all = NewAuthorization(kAllOffers);
  ASSERT_OK(store_.Insert(TestDeadline(), all, ChangeOf(all)));
  const Authorization ended = WithEnd(all, kNow + absl::Hours(1), kNow + absl::Hours(2)).value();
  ASSERT_OK(store_.Update(TestDeadline(), ended, ChangeOf(ended)));
  EXPECT_TRUE(IsLostRace(store_.Update(TestDeadline(), ended, ChangeOf(ended))));
  ASSERT_OK_AND_ASSIGN(const Authorization found, store_.Find(TestDeadline(), partner_, all.authorization_id));
  EXPECT_EQ(found.product, kAllOffers);
  EXPECT_EQ(found.start_time, kNow);
  EXPECT_EQ(found.end_time, kNow + absl::Hours(1));
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.update_time, kNow + absl::Hours(2));
  EXPECT_THAT(store_.Find(TestDeadline(), Uuid::V7(kNow), all.authorization_id),
              testing::HasReason("AUTHORIZATION_NOT_FOUND"));
}

TEST_F(AuthorizationStoreTest, ListsThePartnersAuthorizationsInTheOrderOfCreation) {
  std::vector<Uuid> ids;
  for (const char* product : {"b", "a", "c"}) {
    Authorization authorization = NewAuthorization(product);
    authorization.create_time += static_cast<int>(ids.size()) * absl::Microseconds(1);
    ASSERT_OK(store_.Insert(TestDeadline(), authorization, ChangeOf(authorization)));
    ids.push_back(authorization.authorization_id);
  }
  std::vector<Uuid> listed;
  mysql::PageQuery query{.size = 2};
  do {
    ASSERT_OK_AND_ASSIGN(const mysql::Page<Authorization> page, store_.List(TestDeadline(), partner_, query));
    for (const Authorization& authorization : page.items) listed.push_back(authorization.authorization_id);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_EQ(listed, ids);
}

TEST_F(AuthorizationStoreTest, GivesNothingOfAnotherPartner) {
  const Authorization all = NewAuthorization(kAllOffers);
  ASSERT_OK(store_.Insert(TestDeadline(), all, ChangeOf(all)));
  EXPECT_THAT(store_.ProductsInForce(TestDeadline(), Uuid::V7(kNow), kNow).value(), IsEmpty());
}

TEST_F(AuthorizationStoreTest, RefusesASecondInsertOfTheSameAuthorization) {
  const Authorization all = NewAuthorization(kAllOffers);
  ASSERT_OK(store_.Insert(TestDeadline(), all, ChangeOf(all)));
  EXPECT_TRUE(IsLostRace(store_.Insert(TestDeadline(), all, ChangeOf(all))));
}

}  // namespace
}  // namespace countersign::partner
