#include "partner-service/src/store/partner_store.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);  // 2009-06-01, with microseconds.

class PartnerStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }
  void SetUp() override { database_->Clear({"agreements"}); }

  static Partner NewPartner() {
    Partner partner;
    partner.partner_id = Uuid::V7(kNow);
    partner.partner_number = "P-1001";
    partner.display_name = "Contoso Consulting ☕ 株式会社";
    partner.contact_email = "sales@contoso.example";
    partner.create_time = partner.update_time = kNow;
    return partner;
  }

  static events::Change ChangeOf(const Partner& partner) {
    events::Event event;
    event.tenant = partner.partner_id;
    event.aggregate = partner.partner_id;
    event.version = partner.version;
    event.type = "PARTNER_CHANGED";
    event.actor = "operators/test";
    event.create_time = partner.update_time;
    events::Change change;
    change.events.push_back(event);
    return change;
  }

  static TestDatabase* database_;
  PartnerStore store_{database_->database()};
};
TestDatabase* PartnerStoreTest::database_ = nullptr;

TEST_F(PartnerStoreTest, ReadsBackWhatWasWritten) {
  Partner partner = NewPartner();
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  partner.version = 2;
  partner.state = PartnerState::kActive;
  partner.state_reason = "approved";
  partner.display_name = "Contoso";
  partner.contact_email = "orders@contoso.example";
  partner.accepted_agreement = "2009-06";
  partner.agreement_accepted_by = "Ann Lee";
  partner.agreement_accept_time = kNow + absl::Microseconds(1);
  partner.update_time = kNow + absl::Microseconds(2);
  ASSERT_OK(store_.Update(TestDeadline(), partner, ChangeOf(partner)));

  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Find(TestDeadline(), partner.partner_id));
  EXPECT_EQ(found.partner_id, partner.partner_id);
  EXPECT_EQ(found.partner_number, partner.partner_number);
  EXPECT_EQ(found.display_name, partner.display_name);
  EXPECT_EQ(found.contact_email, partner.contact_email);
  EXPECT_EQ(found.state, partner.state);
  EXPECT_EQ(found.state_reason, partner.state_reason);
  EXPECT_EQ(found.accepted_agreement, partner.accepted_agreement);
  EXPECT_EQ(found.agreement_accepted_by, partner.agreement_accepted_by);
  EXPECT_EQ(found.agreement_accept_time, partner.agreement_accept_time);
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.create_time, partner.create_time);
  EXPECT_EQ(found.update_time, partner.update_time);
}

TEST_F(PartnerStoreTest, HasNoAcceptanceBeforeTheFirst) {
  const Partner partner = NewPartner();
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Find(TestDeadline(), partner.partner_id));
  EXPECT_EQ(found.accepted_agreement, "");
  EXPECT_EQ(found.agreement_accept_time, std::nullopt);
}

TEST_F(PartnerStoreTest, FindsNoPartnerThatNeverWas) {
  EXPECT_THAT(store_.Find(TestDeadline(), Uuid::V7(kNow)), HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PartnerStoreTest, RefusesASecondInsertOfTheSamePartner) {
  const Partner partner = NewPartner();
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  EXPECT_TRUE(IsLostRace(store_.Insert(TestDeadline(), partner, ChangeOf(partner))));
}

TEST_F(PartnerStoreTest, RefusesAChangeMadeOnAnOlderVersion) {
  Partner partner = NewPartner();
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  partner.version = 2;
  partner.state = PartnerState::kActive;
  ASSERT_OK(store_.Update(TestDeadline(), partner, ChangeOf(partner)));
  partner.state = PartnerState::kRejected;
  EXPECT_TRUE(IsLostRace(store_.Update(TestDeadline(), partner, ChangeOf(partner))));
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Find(TestDeadline(), partner.partner_id));
  EXPECT_EQ(found.state, PartnerState::kActive);
}

TEST_F(PartnerStoreTest, GivesANumberToItsOwnerAgainAndToNobodyElse) {
  const Uuid owner = Uuid::V7(kNow);
  const Uuid other = Uuid::V7(kNow);
  EXPECT_OK(store_.CheckNumber(TestDeadline(), "P-1001", other));
  EXPECT_OK(store_.ReserveNumber(TestDeadline(), "P-1001", owner, kNow));
  EXPECT_OK(store_.ReserveNumber(TestDeadline(), "P-1001", owner, kNow));
  EXPECT_THAT(store_.ReserveNumber(TestDeadline(), "P-1001", other, kNow), HasReason("PARTNER_NUMBER_TAKEN"));
  EXPECT_THAT(store_.CheckNumber(TestDeadline(), "P-1001", other), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(PartnerStoreTest, FindsAPartnerByItsNumber) {
  const Partner partner = NewPartner();
  ASSERT_OK(store_.ReserveNumber(TestDeadline(), partner.partner_number, partner.partner_id, kNow));
  // Reserved, and its partner not yet written.
  EXPECT_THAT(store_.FindByNumber(TestDeadline(), partner.partner_number), HasReason("PARTNER_NOT_FOUND"));
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.FindByNumber(TestDeadline(), partner.partner_number));
  EXPECT_EQ(found.partner_id, partner.partner_id);
  EXPECT_THAT(store_.FindByNumber(TestDeadline(), "P-9999"), HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PartnerStoreTest, ListsPartnersInTheOrderOfCreationThroughAFilter) {
  std::vector<std::pair<absl::Time, Uuid>> made;
  for (int i = 0; i < 5; ++i) {
    Partner partner = NewPartner();
    partner.partner_number = absl::StrCat("P-", i);
    // Two at the same time: the id decides.
    partner.create_time = kNow + (i / 2) * absl::Microseconds(1);
    if (i == 3) partner.state = PartnerState::kActive;
    ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
    made.emplace_back(partner.create_time, partner.partner_id);
  }
  const Uuid active_partner = made[3].second;
  std::sort(made.begin(), made.end());
  std::vector<std::pair<absl::Time, Uuid>> listed;
  mysql::PageQuery query{.size = 2};
  do {
    ASSERT_OK_AND_ASSIGN(const mysql::Page<Partner> page, store_.List(TestDeadline(), query));
    for (const Partner& partner : page.items) listed.emplace_back(partner.create_time, partner.partner_id);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_EQ(listed, made);
  query.condition = {" AND state = ?", {"ACTIVE"}};
  ASSERT_OK_AND_ASSIGN(const mysql::Page<Partner> filtered, store_.List(TestDeadline(), query));
  ASSERT_EQ(filtered.items.size(), 1);
  EXPECT_EQ(filtered.items[0].partner_id, active_partner);
}

TEST_F(PartnerStoreTest, KeepsEveryAcceptanceBesideTheLast) {
  Partner partner = NewPartner();
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  for (const char* person : {"Ann Lee", "Jo Brown"}) {
    partner.version += 1;
    partner.accepted_agreement = "2009-06";
    partner.agreement_accepted_by = person;
    partner.agreement_accept_time = kNow + partner.version * absl::Hours(1);
    const AgreementAcceptance acceptance{.partner_id = partner.partner_id,
                                         .acceptance_id = Uuid::V7(kNow),
                                         .agreement_id = partner.accepted_agreement,
                                         .accepted_by = person,
                                         .recorded_by = "operators/test",
                                         .accept_time = *partner.agreement_accept_time};
    ASSERT_OK(store_.Accept(TestDeadline(), partner, acceptance, ChangeOf(partner)));
  }
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Find(TestDeadline(), partner.partner_id));
  EXPECT_EQ(found.agreement_accepted_by, "Jo Brown");
  AgreementStore agreements(database_->database());
  ASSERT_OK_AND_ASSIGN(const mysql::Page<AgreementAcceptance> page,
                       agreements.ListAcceptances(TestDeadline(), partner.partner_id, {.size = 2}));
  const std::vector<AgreementAcceptance>& kept = page.items;
  ASSERT_EQ(kept.size(), 2);
  EXPECT_EQ(kept[0].accepted_by, "Ann Lee");
  EXPECT_EQ(kept[1].accepted_by, "Jo Brown");
  EXPECT_EQ(kept[1].recorded_by, "operators/test");
  EXPECT_EQ(kept[1].accept_time, kNow + absl::Hours(3));
}

TEST_F(PartnerStoreTest, KeepsNoAcceptanceOfAnOlderVersion) {
  Partner partner = NewPartner();
  ASSERT_OK(store_.Insert(TestDeadline(), partner, ChangeOf(partner)));
  partner.version = 3;
  const AgreementAcceptance acceptance{.partner_id = partner.partner_id,
                                       .acceptance_id = Uuid::V7(kNow),
                                       .agreement_id = "2009-06",
                                       .accepted_by = "Ann Lee",
                                       .recorded_by = "operators/test",
                                       .accept_time = kNow};
  EXPECT_TRUE(IsLostRace(store_.Accept(TestDeadline(), partner, acceptance, ChangeOf(partner))));
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM agreement_acceptances").at(0).Int(0), 0);
}

}  // namespace
}  // namespace countersign::partner
