#include "link-service/src/store/link_store.h"

#include <utility>

#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "link-service/src/store/migrations.h"

namespace countersign::link {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);  // 2009-06-01, with microseconds.

class LinkStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }

  static Link NewLink() {
    return {.link_id = Uuid::V7(kNow),
            .partner_id = Uuid::V7(kNow),
            .order_id = Uuid::V7(kNow),
            .revision = 2,
            .key_id = "2009-06",
            .secret_hmac = std::string("\0\xFF\x80", 3) + std::string(29, 'h'),
            .expire_time = kNow + absl::Hours(720),
            .review = std::string("\x0A\0\xC3\x28 review", 11),
            .create_time = kNow,
            .update_time = kNow};
  }

  static events::Change ChangeOf(const Link& link) {
    events::Event event;
    event.tenant = link.link_id;
    event.aggregate = link.link_id;
    event.version = link.version;
    event.type = "LINK_CHANGED";
    event.actor = "services/test";
    event.create_time = link.update_time;
    return {.events = {event}, .reply = std::nullopt};
  }

  static Link Confirmed(const Link& link) {
    return *Apply(link, {LinkState::kConfirmed, 3, kNow + absl::Seconds(1)}, kNow + absl::Seconds(2));
  }

  static TestDatabase* database_;
  LinkStore store_{database_->database()};
};
TestDatabase* LinkStoreTest::database_ = nullptr;

TEST_F(LinkStoreTest, ReadsBackWhatWasWritten) {
  const Link link = NewLink();
  ASSERT_OK(store_.Insert(TestDeadline(), link, ChangeOf(link)));
  ASSERT_OK_AND_ASSIGN(const Link found, store_.Find(TestDeadline(), link.link_id));
  EXPECT_EQ(found.link_id, link.link_id);
  EXPECT_EQ(found.partner_id, link.partner_id);
  EXPECT_EQ(found.order_id, link.order_id);
  EXPECT_EQ(found.revision, 2);
  EXPECT_EQ(found.state, LinkState::kActive);
  EXPECT_EQ(found.order_version, 0);
  EXPECT_FALSE(found.decide_time.has_value());
  EXPECT_EQ(found.key_id, link.key_id);
  EXPECT_EQ(found.secret_hmac, link.secret_hmac);
  EXPECT_EQ(found.expire_time, link.expire_time);
  EXPECT_EQ(found.review, link.review);
  EXPECT_EQ(found.view_count, 0);
  EXPECT_FALSE(found.last_view_time.has_value());
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_EQ(found.update_time, kNow);
}

TEST_F(LinkStoreTest, FindsNoLinkThatNeverWas) {
  EXPECT_THAT(store_.Find(TestDeadline(), Uuid::V7(kNow)), HasReason("LINK_NOT_FOUND"));
  EXPECT_THAT(store_.Find(TestDeadline(), Uuid()), HasReason("LINK_NOT_FOUND"));
}

TEST_F(LinkStoreTest, RefusesASecondLinkOfTheSameName) {
  const Link link = NewLink();
  ASSERT_OK(store_.Insert(TestDeadline(), link, ChangeOf(link)));
  EXPECT_THAT(store_.Insert(TestDeadline(), link, ChangeOf(link)), HasReason("LINK_EXISTS"));
}

TEST_F(LinkStoreTest, WritesADecisionOnce) {
  const Link link = NewLink();
  ASSERT_OK(store_.Insert(TestDeadline(), link, ChangeOf(link)));
  const Link confirmed = Confirmed(link);
  ASSERT_OK(store_.Update(TestDeadline(), confirmed, std::nullopt, ChangeOf(confirmed)));
  EXPECT_TRUE(IsLostRace(store_.Update(TestDeadline(), confirmed, std::nullopt, ChangeOf(confirmed))));
  ASSERT_OK_AND_ASSIGN(const Link found, store_.Find(TestDeadline(), link.link_id));
  EXPECT_EQ(found.state, LinkState::kConfirmed);
  EXPECT_EQ(found.order_version, 3);
  EXPECT_EQ(found.decide_time, kNow + absl::Seconds(1));
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.update_time, kNow + absl::Seconds(2));
}

TEST_F(LinkStoreTest, CountsViewsUpToAThousandWithoutANewVersion) {
  const Link link = NewLink();
  ASSERT_OK(store_.Insert(TestDeadline(), link, ChangeOf(link)));
  ASSERT_OK(store_.CountViews(TestDeadline(), link.link_id, 2, kNow + absl::Seconds(5)));
  ASSERT_OK_AND_ASSIGN(Link found, store_.Find(TestDeadline(), link.link_id));
  EXPECT_EQ(found.view_count, 2);
  EXPECT_EQ(found.last_view_time, kNow + absl::Seconds(5));
  EXPECT_EQ(found.version, 1);
  ASSERT_OK(store_.CountViews(TestDeadline(), link.link_id, 5000, kNow + absl::Seconds(6)));
  ASSERT_OK(store_.CountViews(TestDeadline(), link.link_id, 1, kNow + absl::Seconds(7)));
  ASSERT_OK_AND_ASSIGN(found, store_.Find(TestDeadline(), link.link_id));
  EXPECT_EQ(found.view_count, 1000);
  EXPECT_EQ(found.last_view_time, kNow + absl::Seconds(6));
  EXPECT_OK(store_.CountViews(TestDeadline(), Uuid::V7(kNow), 1, kNow));
}

}  // namespace
}  // namespace countersign::link
