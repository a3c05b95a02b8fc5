#include "link-service/src/store/link_store.h"

#include <optional>

#include "common/base/error.h"
#include "common/events/committer.h"
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
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }

  static Link NewLink() {
    return {.link_id = Uuid::V7(kNow),
            .partner_id = Uuid::V7(kNow),
            .order_id = Uuid::V7(kNow),
            .revision = 2,
            .key_id = "2009-06",
            .secret_hmac = std::string("\0\xFF\x80", 3) + std::string(29, 'h'),
            .review = std::string("\x0A\0\xC3\x28 review", 11),
            .create_time = kNow,
            .billing_account = Uuid::V7(kNow),
            .expire_time = kNow + absl::Hours(720),
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
    return {.events = {event}, .reply = std::nullopt, .rows = {LinkStore::Row(link)}};
  }

  static absl::Status Write(const Link& link) {
    return events::Committer(database_->database()).Commit(TestDeadline(), ChangeOf(link));
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
  ASSERT_OK(Write(link));
  ASSERT_OK_AND_ASSIGN(const Link found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.link_id, link.link_id);
  EXPECT_EQ(found.partner_id, link.partner_id);
  EXPECT_EQ(found.order_id, link.order_id);
  EXPECT_EQ(found.revision, 2);
  EXPECT_EQ(found.state, LinkState::kActive);
  EXPECT_EQ(found.order_version, 0);
  EXPECT_FALSE(found.decide_time.has_value());
  EXPECT_EQ(found.key_id, link.key_id);
  EXPECT_EQ(found.secret_hmac, link.secret_hmac);
  EXPECT_EQ(found.billing_account, link.billing_account);
  EXPECT_EQ(found.expire_time, link.expire_time);
  EXPECT_EQ(found.review, link.review);
  EXPECT_EQ(found.view_count, 0);
  EXPECT_FALSE(found.last_view_time.has_value());
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_EQ(found.update_time, kNow);
}

TEST_F(LinkStoreTest, FindsNoLinkThatNeverWas) {
  for (const Uuid& id : {Uuid::V7(kNow), Uuid()}) {
    EXPECT_THAT(store_.Get(TestDeadline(), id), HasReason("LINK_NOT_FOUND"));
    ASSERT_OK_AND_ASSIGN(const std::optional<Link> found, store_.Find(TestDeadline(), id));
    EXPECT_FALSE(found.has_value());
  }
}

TEST_F(LinkStoreTest, RefusesASecondLinkOfTheSameName) {
  const Link link = NewLink();
  ASSERT_OK(Write(link));
  Link other = link;
  other.revision = 3;
  EXPECT_TRUE(IsLostRace(Write(other)));
  ASSERT_OK_AND_ASSIGN(const Link found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.revision, 2);
}

TEST_F(LinkStoreTest, WritesADecisionOnce) {
  const Link link = NewLink();
  ASSERT_OK(Write(link));
  const Link confirmed = Confirmed(link);
  ASSERT_OK(Write(confirmed));
  EXPECT_TRUE(IsLostRace(Write(confirmed)));
  ASSERT_OK_AND_ASSIGN(const Link found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.state, LinkState::kConfirmed);
  EXPECT_EQ(found.order_version, 3);
  EXPECT_EQ(found.decide_time, kNow + absl::Seconds(1));
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.update_time, kNow + absl::Seconds(2));
}

TEST_F(LinkStoreTest, CountsViewsUpToAThousandWithoutANewVersion) {
  const Link link = NewLink();
  ASSERT_OK(Write(link));
  ASSERT_OK(store_.CountViews(TestDeadline(), {{link.link_id, 2, 0, kNow + absl::Seconds(5)}}));
  ASSERT_OK_AND_ASSIGN(Link found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.view_count, 2);
  EXPECT_EQ(found.last_view_time, kNow + absl::Seconds(5));
  EXPECT_EQ(found.version, 1);
  ASSERT_OK(store_.CountViews(TestDeadline(), {{link.link_id, 5000, 0, kNow + absl::Seconds(6)}}));
  ASSERT_OK(store_.CountViews(TestDeadline(), {{link.link_id, 1, 0, kNow + absl::Seconds(7)}}));
  ASSERT_OK_AND_ASSIGN(found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.view_count, 1000);
  EXPECT_EQ(found.last_view_time, kNow + absl::Seconds(6));
  ASSERT_OK(store_.CountViews(TestDeadline(), {{link.link_id, 0, 3, std::nullopt}}));
  ASSERT_OK_AND_ASSIGN(found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.automated_view_count, 3);
  EXPECT_EQ(found.view_count, 1000);
  EXPECT_EQ(found.last_view_time, kNow + absl::Seconds(6));
  EXPECT_OK(store_.CountViews(TestDeadline(), {{Uuid::V7(kNow), 1, 0, kNow}}));
}

TEST_F(LinkStoreTest, ADecisionKeepsTheViewsThatWereCountedMeanwhile) {
  const Link link = NewLink();
  ASSERT_OK(Write(link));
  ASSERT_OK(store_.CountViews(TestDeadline(), {{link.link_id, 2, 0, kNow + absl::Seconds(5)}}));
  ASSERT_OK(Write(Confirmed(link)));
  ASSERT_OK_AND_ASSIGN(const Link found, store_.Get(TestDeadline(), link.link_id));
  EXPECT_EQ(found.state, LinkState::kConfirmed);
  EXPECT_EQ(found.view_count, 2);
  EXPECT_EQ(found.last_view_time, kNow + absl::Seconds(5));
}

TEST_F(LinkStoreTest, SaysThatARowWithAnUnknownStateIsDamaged) {
  const Link link = NewLink();
  ASSERT_OK(Write(link));
  for (const char* state : {"active", ""}) {
    ASSERT_OK(database_->database().Autocommit(TestDeadline(), [&](mysql::Connection& connection) {
      return connection.Execute("UPDATE links SET state = ? WHERE link_id = ?", {state, link.link_id}).status();
    }));
    EXPECT_THAT(store_.Get(TestDeadline(), link.link_id), StatusIs(absl::StatusCode::kDataLoss)) << state;
  }
}

}  // namespace
}  // namespace countersign::link
