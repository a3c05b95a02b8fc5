#include "partner-service/src/store/agreement_store.h"

#include <utility>
#include <vector>

#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

MATCHER_P(Holds, value, "") { return arg.ok() && *arg == value; }

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);  // 2009-06-01, with microseconds.

class AgreementStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }
  void SetUp() override {
    database_->Clear({"agreements"});
    database_->Execute("DELETE FROM agreements WHERE agreement_id <> '2009-06'");
  }

  static Agreement NewAgreement(absl::string_view id, absl::Time effective_time) {
    return {.agreement_id = std::string(id),
            .title = "Partner Agreement ☕",
            .effective_time = effective_time,
            .document_sha256 = std::string(32, '\xab'),
            .document_uri = "https://example.com/agreement.pdf",
            .create_time = kNow};
  }

  static events::Change ChangeOf(const Agreement& agreement) {
    events::Event event;
    event.tenant = AgreementTenant();
    event.aggregate = AgreementAggregate(agreement.agreement_id);
    event.version = 1;
    event.type = "AGREEMENT_CREATED";
    event.actor = "operators/test";
    event.create_time = kNow;
    events::Change change;
    change.events.push_back(event);
    return change;
  }

  absl::Status Insert(const Agreement& agreement) {
    return store_.Insert(TestDeadline(), agreement, ChangeOf(agreement));
  }

  static TestDatabase* database_;
  AgreementStore store_{database_->database()};
};
TestDatabase* AgreementStoreTest::database_ = nullptr;

TEST_F(AgreementStoreTest, ReadsBackWhatWasWritten) {
  const Agreement agreement = NewAgreement("2010-01", kNow + absl::Hours(1));
  ASSERT_OK(store_.CheckFree(TestDeadline(), agreement.agreement_id));
  ASSERT_OK(Insert(agreement));
  ASSERT_OK_AND_ASSIGN(const Agreement found, store_.Find(TestDeadline(), "2010-01"));
  EXPECT_EQ(found.agreement_id, agreement.agreement_id);
  EXPECT_EQ(found.title, agreement.title);
  EXPECT_EQ(found.effective_time, agreement.effective_time);
  EXPECT_EQ(found.document_sha256, agreement.document_sha256);
  EXPECT_EQ(found.document_uri, agreement.document_uri);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_THAT(store_.Find(TestDeadline(), "2011-01"), HasReason("AGREEMENT_NOT_FOUND"));
}

TEST_F(AgreementStoreTest, NeverWritesAVersionTwice) {
  ASSERT_OK(Insert(NewAgreement("2010-01", kNow)));
  EXPECT_THAT(Insert(NewAgreement("2010-01", kNow + absl::Hours(1))), HasReason("AGREEMENT_EXISTS"));
  EXPECT_THAT(store_.CheckFree(TestDeadline(), "2010-01"), HasReason("AGREEMENT_EXISTS"));
  EXPECT_EQ(store_.Find(TestDeadline(), "2010-01").value_or(Agreement()).effective_time, kNow);
}

TEST_F(AgreementStoreTest, TakesTheAgreementThatTookEffectLastAsTheCurrentOne) {
  EXPECT_THAT(store_.Current(TestDeadline(), kNow), Holds("2009-06"));
  ASSERT_OK(Insert(NewAgreement("2010-01", kNow + absl::Hours(1))));
  EXPECT_THAT(store_.Current(TestDeadline(), kNow), Holds("2009-06"));
  EXPECT_THAT(store_.Current(TestDeadline(), kNow + absl::Hours(1)), Holds("2010-01"));
  ASSERT_OK(Insert(NewAgreement("2010-01a", kNow + absl::Hours(1))));  // At the same time: the greater id.
  EXPECT_THAT(store_.Current(TestDeadline(), kNow + absl::Hours(2)), Holds("2010-01a"));
  EXPECT_THAT(store_.Current(TestDeadline(), absl::UnixEpoch()), HasReason("AGREEMENT_NOT_FOUND"));
}

TEST_F(AgreementStoreTest, ListsVersionsByTheirIds) {
  ASSERT_OK(Insert(NewAgreement("2011-01", kNow)));
  ASSERT_OK(Insert(NewAgreement("2010-01", kNow)));
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

}  // namespace
}  // namespace countersign::partner
