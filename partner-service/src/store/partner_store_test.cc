#include "partner-service/src/store/partner_store.h"

#include <memory>
#include <utility>

#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

MATCHER_P(Holds, value, "") { return arg.ok() && *arg == value; }

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

  static mysql::Change ChangeOf(const Partner& partner) {
    mysql::Event event;
    event.tenant = partner.partner_id;
    event.aggregate = partner.partner_id;
    event.version = partner.version;
    event.type = "PARTNER_CHANGED";
    event.actor = "operators/test";
    event.create_time = partner.update_time;
    mysql::Change change;
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

TEST_F(PartnerStoreTest, TakesTheAgreementThatTookEffectLastAsTheCurrentOne) {
  EXPECT_THAT(store_.CurrentAgreement(TestDeadline(), kNow), Holds("2009-06"));
  database_->Execute("INSERT INTO agreements (agreement_id, effective_time) VALUES ('2010-01', ?)",
                     {kNow + absl::Hours(1)});
  EXPECT_THAT(store_.CurrentAgreement(TestDeadline(), kNow), Holds("2009-06"));
  EXPECT_THAT(store_.CurrentAgreement(TestDeadline(), kNow + absl::Hours(1)), Holds("2010-01"));
  EXPECT_THAT(store_.CurrentAgreement(TestDeadline(), absl::UnixEpoch()), HasReason("AGREEMENT_NOT_FOUND"));
  database_->Execute("DELETE FROM agreements WHERE agreement_id = '2010-01'");
}

}  // namespace
}  // namespace countersign::partner
