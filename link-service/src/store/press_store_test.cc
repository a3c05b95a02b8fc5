#include "link-service/src/store/press_store.h"

#include "common/events/committer.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/migrations.h"

namespace countersign::link {
namespace {

using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);

class PressStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }
  void SetUp() override { database_->Clear(); }

  Press NewPress() const {
    return {.link_id = link_id_,
            .press_id = Uuid::V7(kNow),
            .act = PressAct::kConfirm,
            .revision = 1,
            .evidence = "who pressed",
            .salt = std::string(16, 's'),
            .press_time = kNow};
  }

  static ShownContent Shown(char hash) {
    return {.sha256 = std::string(32, hash),
            .content = std::string("compressed\0", 11),
            .locale = "en",
            .template_version = std::string(64, 'f'),
            .agreement_version = "2009-06"};
  }

  static events::Change ChangeOf(const Press& press) {
    events::Event event;
    event.tenant = press.link_id;
    event.aggregate = press.press_id;
    event.version = 1;
    event.type = "PRESS_RECORDED";
    event.actor = "links/test";
    event.create_time = kNow;
    return {.events = {event}, .reply = std::nullopt};
  }

  absl::Status Insert(const Press& press, char hash, bool with_content = true) {
    events::Change change = ChangeOf(press);
    change.rows = {PressStore::Row(press, Shown(hash).sha256)};
    if (with_content) change.rows.push_back(PressStore::Row(press.link_id, Shown(hash), press.press_time));
    return events::Committer(database_->database()).Commit(TestDeadline(), change);
  }

  static std::string OutcomeOf(const Press& press) {
    return database_->Query("SELECT outcome FROM presses WHERE press_id = ?", {press.press_id}).at(0).Bytes(0);
  }

  static TestDatabase* database_;
  const Uuid link_id_ = Uuid::V7(kNow);
  PressStore store_{database_->database()};
};
TestDatabase* PressStoreTest::database_ = nullptr;

TEST_F(PressStoreTest, KeepsPressAndContents) {
  const Press press = NewPress();
  ASSERT_OK(Insert(press, 'a'));
  const mysql::Row row =
      database_
          ->Query(
              "SELECT p.act, p.revision, p.evidence, p.salt, p.press_time, c.content, c.locale, c.template_version, "
              "c.agreement_version FROM presses p JOIN page_contents c ON c.link_id = p.link_id AND c.sha256 = "
              "p.content_sha256 WHERE p.link_id = ? AND p.press_id = ?",
              {press.link_id, press.press_id})
          .at(0);
  EXPECT_EQ(row.Bytes(0), "CONFIRM");
  EXPECT_EQ(row.Int(1), 1);
  EXPECT_EQ(row.Bytes(2), press.evidence);
  EXPECT_EQ(row.Bytes(3), press.salt);
  EXPECT_EQ(row.Time(4), kNow);
  EXPECT_EQ(row.Bytes(5), Shown('a').content);
  EXPECT_EQ(row.Bytes(6), "en");
  EXPECT_EQ(row.Bytes(7), std::string(64, 'f'));
  EXPECT_EQ(row.Bytes(8), "2009-06");
}

TEST_F(PressStoreTest, KeepsTheSameContentsOnce) {
  ASSERT_OK(Insert(NewPress(), 'a'));
  const Press second = NewPress();
  EXPECT_TRUE(IsContentKept(Insert(second, 'a')));
  EXPECT_EQ(database_->Query("SELECT press_id FROM presses").size(), 1u);
  ASSERT_OK(Insert(second, 'a', /*with_content=*/false));
  ASSERT_OK(Insert(NewPress(), 'b'));
  EXPECT_EQ(database_->Query("SELECT sha256 FROM page_contents").size(), 2u);
  EXPECT_EQ(database_->Query("SELECT press_id FROM presses").size(), 3u);
  EXPECT_EQ(database_->Query("SELECT version FROM events").size(), 3u);
}

TEST_F(PressStoreTest, NotesAnOutcomeOnce) {
  const Press press = NewPress();
  ASSERT_OK(Insert(press, 'a'));
  EXPECT_EQ(OutcomeOf(press), "");
  ASSERT_OK(store_.NoteOutcome(TestDeadline(), press.link_id, press.press_id, "ORDER_EXPIRED"));
  ASSERT_OK(store_.NoteOutcome(TestDeadline(), press.link_id, press.press_id, std::string(100, 'X')));
  EXPECT_EQ(OutcomeOf(press), "ORDER_EXPIRED");
}

TEST_F(PressStoreTest, GetsTheOutcomeWithTheDecision) {
  Link link;
  link.link_id = link_id_;
  link.secret_hmac = std::string(32, 'h');
  link.expire_time = link.create_time = link.update_time = kNow;
  events::Change issued = ChangeOf(NewPress());
  issued.rows = {LinkStore::Row(link)};
  ASSERT_OK(events::Committer(database_->database()).Commit(TestDeadline(), issued));
  const Press press = NewPress();
  ASSERT_OK(Insert(press, 'a'));
  const OrderOutcome outcome = {LinkState::kDeclined, 3, kNow};
  const Link declined = *Apply(link, outcome, kNow);
  events::Change change = ChangeOf(NewPress());
  change.rows = {LinkStore::Row(declined)};
  change.also = PressStore::Outcome(press, outcome);
  ASSERT_OK(events::Committer(database_->database()).Commit(TestDeadline(), change));
  EXPECT_EQ(OutcomeOf(press), "DECLINED");
}

}  // namespace
}  // namespace countersign::link
