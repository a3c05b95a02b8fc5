#include "partner-service/src/store/agreement_store.h"

#include <string>
#include <vector>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

MATCHER_P(Holds, value, "") { return arg.ok() && *arg == value; }

class AgreementStoreTest : public StoreTest {
 protected:
  static AgreementAcceptance AcceptanceBy(const Partner& partner, absl::string_view person) {
    return {.partner_id = partner.partner_id,
            .acceptance_id = Uuid::V7(kNow),
            .agreement_id = "2009-06",
            .accepted_by = std::string(person),
            .recorded_by = "operators/test",
            .accept_time = kNow + partner.version * absl::Hours(1)};
  }

  absl::Status Accept(const Partner& partner, const AgreementAcceptance& acceptance) {
    return Commit({partner.partner_id, partner.partner_id, partner.version},
                  {PartnerStore::Row(partner), AgreementStore::Row(acceptance)});
  }

  AgreementStore store_{database_->database()};
};

TEST_F(AgreementStoreTest, ReadsBackWhatWasWritten) {
  const Agreement agreement = AgreementFrom("2010-01", kNow + absl::Hours(1));
  ASSERT_OK(store_.CheckFree(TestDeadline(), agreement.agreement_id));
  ASSERT_OK(Save(agreement));
  ASSERT_OK_AND_ASSIGN(const Agreement found, store_.Get(TestDeadline(), "2010-01"));
  EXPECT_EQ(found.agreement_id, agreement.agreement_id);
  EXPECT_EQ(found.title, agreement.title);
  EXPECT_EQ(found.effective_time, agreement.effective_time);
  EXPECT_EQ(found.document_sha256, agreement.document_sha256);
  EXPECT_EQ(found.document_uri, agreement.document_uri);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_THAT(store_.Get(TestDeadline(), "2011-01"), HasReason("AGREEMENT_NOT_FOUND"));
}

TEST_F(AgreementStoreTest, NeverWritesAVersionTwice) {
  ASSERT_OK(Save(AgreementFrom("2010-01", kNow)));
  EXPECT_TRUE(IsLostRace(Save(AgreementFrom("2010-01", kNow + absl::Hours(1)))));
  EXPECT_THAT(store_.CheckFree(TestDeadline(), "2010-01"), HasReason("AGREEMENT_EXISTS"));
  EXPECT_EQ(store_.Get(TestDeadline(), "2010-01").value_or(Agreement()).effective_time, kNow);
  // The version that came with the software has no event.
  EXPECT_THAT(Save(AgreementFrom("2009-06", kNow)), HasReason("AGREEMENT_EXISTS"));
  EXPECT_THAT(store_.CheckFree(TestDeadline(), "2009-06"), HasReason("AGREEMENT_EXISTS"));
}

TEST_F(AgreementStoreTest, TakesTheAgreementThatTookEffectLastAsTheCurrentOne) {
  EXPECT_THAT(store_.GetCurrent(TestDeadline(), kNow), Holds("2009-06"));
  ASSERT_OK(Save(AgreementFrom("2010-01", kNow + absl::Hours(1))));
  EXPECT_THAT(store_.GetCurrent(TestDeadline(), kNow), Holds("2009-06"));
  EXPECT_THAT(store_.GetCurrent(TestDeadline(), kNow + absl::Hours(1)), Holds("2010-01"));
  ASSERT_OK(Save(AgreementFrom("2010-01a", kNow + absl::Hours(1))));  // At the same time: the greater id.
  EXPECT_THAT(store_.GetCurrent(TestDeadline(), kNow + absl::Hours(2)), Holds("2010-01a"));
  database_->Execute("UPDATE agreements SET effective_time = '2199-01-01' WHERE agreement_id = '2009-06'");
  EXPECT_THAT(store_.GetCurrent(TestDeadline(), absl::UnixEpoch()), HasReason("AGREEMENT_NOT_FOUND"));
  database_->Execute("UPDATE agreements SET effective_time = create_time WHERE agreement_id = '2009-06'");
}

TEST_F(AgreementStoreTest, AnAgreementOfThisMomentIsInForceWhereTheClockIsAnHourBehind) {
  ASSERT_OK(Save(AgreementFrom("2010-01", kNow)));  // Created then, too.
  EXPECT_THAT(store_.GetCurrent(TestDeadline(), kNow - absl::Hours(1)), Holds("2010-01"));
}

TEST_F(AgreementStoreTest, ListsVersionsByTheirIds) {
  ASSERT_OK(Save(AgreementFrom("2011-01", kNow)));
  ASSERT_OK(Save(AgreementFrom("2010-01", kNow)));
  ASSERT_OK_AND_ASSIGN(const mysql::Page<Agreement> first, store_.List(TestDeadline(), {.size = 2}));
  ASSERT_EQ(first.items.size(), 2);
  EXPECT_EQ(first.items[0].agreement_id, "2009-06");
  EXPECT_EQ(first.items[1].agreement_id, "2010-01");
  ASSERT_OK_AND_ASSIGN(const mysql::Page<Agreement> second,
                       store_.List(TestDeadline(), {.after = first.next, .size = 2}));
  ASSERT_EQ(second.items.size(), 1);
  EXPECT_EQ(second.items[0].agreement_id, "2011-01");
  EXPECT_EQ(second.next, "");
}

TEST_F(AgreementStoreTest, KeepsEveryAcceptanceBesideTheLast) {
  Partner partner = NewPartner(Uuid::V7(kNow), "P-1001", {}, kNow);
  ASSERT_OK(Save(partner));
  for (const char* person : {"Ann Lee", "Jo Brown"}) {
    partner.version += 1;
    const AgreementAcceptance acceptance = AcceptanceBy(partner, person);
    partner.accepted_agreement = acceptance.agreement_id;
    partner.agreement_accepted_by = person;
    partner.agreement_accept_time = acceptance.accept_time;
    ASSERT_OK(Accept(partner, acceptance));
  }
  const PartnerStore partners(database_->database());
  ASSERT_OK_AND_ASSIGN(const Partner found, partners.Get(TestDeadline(), partner.partner_id));
  EXPECT_EQ(found.agreement_accepted_by, "Jo Brown");
  ASSERT_OK_AND_ASSIGN(const mysql::Page<AgreementAcceptance> page,
                       store_.ListAcceptances(TestDeadline(), partner.partner_id, {.size = 2}));
  const std::vector<AgreementAcceptance>& kept = page.items;
  ASSERT_EQ(kept.size(), 2);
  EXPECT_EQ(kept[0].accepted_by, "Ann Lee");
  EXPECT_EQ(kept[1].accepted_by, "Jo Brown");
  EXPECT_EQ(kept[1].recorded_by, "operators/test");
  EXPECT_EQ(kept[1].accept_time, kNow + absl::Hours(3));
}

TEST_F(AgreementStoreTest, KeepsNoAcceptanceOfAnOlderVersion) {
  Partner partner = NewPartner(Uuid::V7(kNow), "P-1001", {}, kNow);
  ASSERT_OK(Save(partner));
  partner.version = 2;
  ASSERT_OK(Save(partner));
  EXPECT_TRUE(IsLostRace(Accept(partner, AcceptanceBy(partner, "Ann Lee"))));
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM agreement_acceptances").at(0).Int(0), 0);
}

}  // namespace
}  // namespace countersign::partner
