// What goes, and what stays for good.
#include "link-service/src/store/link_retention.h"

#include <string>
#include <utility>
#include <vector>

#include "common/events/committer.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "link-service/src/store/code_store.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/migrations.h"
#include "link-service/src/store/page_view_store.h"
#include "link-service/src/store/press_store.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FakeClock;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;

constexpr absl::Duration kDay = absl::Hours(24);

class LinkRetentionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }
  void SetUp() override { database_->Clear(); }

  // A link in this state, pressed once by a customer.
  Uuid PressedLink(LinkState state) {
    const absl::Time now = clock_.Now();
    Link link{.link_id = Uuid::V7(now),
              .partner_id = Uuid::V7(now),
              .order_id = Uuid::V7(now),
              .revision = 1,
              .key_id = "2009-06",
              .secret_hmac = std::string(32, 'h'),
              .review = "review",
              .create_time = now,
              .expire_time = now + 30 * kDay,
              .update_time = now};
    if (state != LinkState::kActive) link = *Apply(link, {state, 3, now}, now);
    const Press press{.link_id = link.link_id,
                      .press_id = Uuid::V7(now),
                      .act = PressAct::kConfirm,
                      .revision = 1,
                      .evidence = "who",
                      .salt = std::string(16, 's'),
                      .press_time = now,
                      .form_id = Uuid::V7(now)};
    const ShownContent shown{.sha256 = std::string(32, 'c'),
                             .content = "shown",
                             .locale = "en",
                             .template_version = "1",
                             .agreement_version = "2009-06"};
    std::vector<mysql::RowWrite> rows = {PressStore::Row(press, shown.sha256),
                                         PressStore::Row(press.link_id, shown, press.press_time)};
    rows.push_back(LinkStore::Row(link));
    Write(link.link_id, std::move(rows));
    return link.link_id;
  }

  void AddCode(const Uuid& link_id, int64_t number) {
    Write(link_id, {CodeStore::Row({.link_id = link_id,
                                    .number = number,
                                    .digest = std::string(32, 'd'),
                                    .sent_to = "a•••@c•••",
                                    .create_time = clock_.Now()})});
  }

  void Write(const Uuid& tenant, std::vector<mysql::RowWrite> rows) {
    events::Event event;
    event.tenant = tenant;
    event.aggregate = Uuid::V7(clock_.Now());
    event.version = 1;
    event.type = "ARRANGED";
    event.actor = "services/test";
    event.create_time = clock_.Now();
    ASSERT_OK(events::Committer(database_->database())
                  .Commit(TestDeadline(), {.events = {event}, .reply = std::nullopt, .rows = std::move(rows)}));
  }

  void AskForNewLink(const std::string& day) {
    database_->Execute(
        "INSERT INTO new_link_requests (partner_id, request_id, link_id, order_id, order_number, request_date, "
        "create_time) VALUES (?, ?, ?, ?, 'CS-1', ?, ?)",
        {Uuid::Derived({"partner"}), Uuid::Derived({day}), Uuid(), Uuid(), day, clock_.Now()});
  }

  void Keep() {
    const events::BucketTask task = events::RetentionTask("retention", database_->database(), clock_, LinkRetentions());
    ASSERT_OK(task.run(0, TestDeadline()));
  }

  static std::string One(absl::string_view sql, const std::vector<mysql::Parameter>& parameters) {
    const std::vector<mysql::Row> rows = database_->Query(sql, parameters);
    return rows.empty() ? "none" : rows[0].Bytes(0);
  }
  static std::string EvidenceOf(const Uuid& link_id) {
    return One("SELECT CONCAT(evidence, salt) FROM presses WHERE link_id = ?", {link_id});
  }
  static std::string ShownOn(const Uuid& link_id) {
    return One("SELECT content FROM page_contents WHERE link_id = ?", {link_id});
  }

  static TestDatabase* database_;
  FakeClock clock_;
};
TestDatabase* LinkRetentionTest::database_ = nullptr;

TEST_F(LinkRetentionTest, WhatWasTypedAndShownInVainGoesAfterThirteenMonthsAndThePressStays) {
  const Uuid declined = PressedLink(LinkState::kDeclined);
  const Uuid expired = PressedLink(LinkState::kExpired);
  clock_.Advance(396 * kDay);
  Keep();
  EXPECT_EQ(ShownOn(declined), "shown");
  clock_.Advance(absl::Microseconds(1));
  Keep();
  for (const Uuid& link_id : {declined, expired}) {
    EXPECT_EQ(EvidenceOf(link_id), "");
    EXPECT_EQ(ShownOn(link_id), "none");
  }
}

TEST_F(LinkRetentionTest, WhatConfirmedAnOrderStays) {
  const Uuid confirmed = PressedLink(LinkState::kConfirmed);
  const Uuid active = PressedLink(LinkState::kActive);
  clock_.Advance(5'000 * kDay);
  Keep();
  for (const Uuid& link_id : {confirmed, active}) {
    EXPECT_EQ(EvidenceOf(link_id), "who" + std::string(16, 's'));
    EXPECT_EQ(ShownOn(link_id), "shown");
  }
}

TEST_F(LinkRetentionTest, OldCodesGoButTheNewestWhichNumbersTheNext) {
  const Uuid link_id = PressedLink(LinkState::kConfirmed);
  AddCode(link_id, 1);
  AddCode(link_id, 2);
  clock_.Advance(90 * kDay);
  Keep();
  EXPECT_EQ(One("SELECT COUNT(*) FROM codes WHERE link_id = ?", {link_id}), "2");
  clock_.Advance(absl::Microseconds(1));
  Keep();
  EXPECT_EQ(One("SELECT GROUP_CONCAT(number) FROM codes WHERE link_id = ?", {link_id}), "2");
}

TEST_F(LinkRetentionTest, WhoSawAPageIsForgottenAfterThirteenMonthsAndTheViewStays) {
  const Uuid link_id = PressedLink(LinkState::kConfirmed);
  Write(link_id, {PageViewRow({.link_id = link_id,
                               .view_id = Uuid::V7(clock_.Now()),
                               .content_sha256 = std::string(32, 'c'),
                               .evidence = "who",
                               .salt = std::string(16, 's'),
                               .view_time = clock_.Now()})});
  const auto evidence = [&] {
    return One("SELECT CONCAT(evidence, salt) FROM page_views WHERE link_id = ?", {link_id});
  };
  clock_.Advance(396 * kDay);
  Keep();
  EXPECT_EQ(evidence(), "who" + std::string(16, 's'));
  clock_.Advance(absl::Microseconds(1));
  Keep();
  EXPECT_EQ(evidence(), "");
  EXPECT_EQ(EvidenceOf(link_id), "who" + std::string(16, 's')) << "the press is the contract's evidence";
}

TEST_F(LinkRetentionTest, ARequestForANewLinkGoesAfterThirteenMonths) {
  AskForNewLink("2009-06-01");
  clock_.Advance(396 * kDay);
  AskForNewLink("2010-07-02");
  Keep();
  EXPECT_EQ(database_->Query("SELECT 1 FROM new_link_requests").size(), 2U);
  clock_.Advance(absl::Microseconds(1));
  Keep();
  EXPECT_EQ(One("SELECT GROUP_CONCAT(request_date) FROM new_link_requests", {}), "2010-07-02");
}

}  // namespace
}  // namespace countersign::link
