#include "partner-service/src/store/partner_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

class PartnerStoreTest : public StoreTest {
 protected:
  static Partner Contoso() {
    return NewPartner(Uuid::V7(kNow), "P-1001",
                      {.display_name = "Contoso Consulting ☕ 株式会社", .contact_email = "sales@contoso.example"},
                      kNow);
  }

  const PartnerStore store_{database_->database()};
};

TEST_F(PartnerStoreTest, ReadsBackWhatWasWritten) {
  Partner partner = Contoso();
  ASSERT_OK(Save(partner));
  partner.version = 2;
  partner.state = PartnerState::kActive;
  partner.state_reason = "approved";
  partner.display_name = "Contoso";
  partner.contact_email = "orders@contoso.example";
  partner.accepted_agreement = "2009-06";
  partner.agreement_accepted_by = "Ann Lee";
  partner.agreement_accept_time = kNow + absl::Microseconds(1);
  partner.update_time = kNow + absl::Microseconds(2);
  ASSERT_OK(Save(partner));

  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Get(TestDeadline(), partner.partner_id));
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
  const Partner partner = Contoso();
  ASSERT_OK(Save(partner));
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Get(TestDeadline(), partner.partner_id));
  EXPECT_EQ(found.accepted_agreement, "");
  EXPECT_EQ(found.agreement_accept_time, std::nullopt);
}

TEST_F(PartnerStoreTest, FindsNoPartnerThatNeverWas) {
  EXPECT_THAT(store_.Get(TestDeadline(), Uuid::V7(kNow)), HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PartnerStoreTest, TakesNoUnknownStateForAnother) {
  const Partner partner = Contoso();
  ASSERT_OK(Save(partner));
  database_->Execute("UPDATE partners SET state = 'active'");
  EXPECT_THAT(store_.Get(TestDeadline(), partner.partner_id), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(PartnerStoreTest, RefusesASecondFirstVersion) {
  const Partner partner = Contoso();
  ASSERT_OK(Save(partner));
  EXPECT_TRUE(IsLostRace(Save(partner)));
}

TEST_F(PartnerStoreTest, RefusesAChangeMadeOnAnOlderVersion) {
  Partner partner = Contoso();
  ASSERT_OK(Save(partner));
  partner.version = 2;
  partner.state = PartnerState::kActive;
  ASSERT_OK(Save(partner));
  partner.state = PartnerState::kRejected;
  EXPECT_TRUE(IsLostRace(Save(partner)));
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.Get(TestDeadline(), partner.partner_id));
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
  const Partner partner = Contoso();
  ASSERT_OK(store_.ReserveNumber(TestDeadline(), partner.partner_number, partner.partner_id, kNow));
  // Reserved, and its partner not yet written.
  EXPECT_THAT(store_.GetByNumber(TestDeadline(), partner.partner_number), HasReason("PARTNER_NOT_FOUND"));
  ASSERT_OK(Save(partner));
  ASSERT_OK_AND_ASSIGN(const Partner found, store_.GetByNumber(TestDeadline(), partner.partner_number));
  EXPECT_EQ(found.partner_id, partner.partner_id);
  EXPECT_THAT(store_.GetByNumber(TestDeadline(), "P-9999"), HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PartnerStoreTest, ListsPartnersInTheOrderOfCreationThroughAFilter) {
  std::vector<std::pair<absl::Time, Uuid>> made;
  for (int i = 0; i < 5; ++i) {
    Partner partner = Contoso();
    partner.partner_number = absl::StrCat("P-", i);
    // Two at the same time: the id decides.
    partner.create_time = kNow + (i / 2) * absl::Microseconds(1);
    if (i == 3) partner.state = PartnerState::kActive;
    ASSERT_OK(Save(partner));
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

}  // namespace
}  // namespace countersign::partner
