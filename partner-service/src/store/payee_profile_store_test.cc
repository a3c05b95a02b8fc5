#include "partner-service/src/store/payee_profile_store.h"

#include <utility>

#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

const absl::Time kNow = absl::FromUnixMicros(1'243'846'800'123'456);

class PayeeProfileStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }

  PayeeProfile FirstVersion() const {
    PayeeProfile profile;
    profile.partner_id = partner_;
    profile.currency_code = "USD";
    profile.version = 1;
    profile.create_time = profile.update_time = kNow;
    return profile;
  }

  absl::Status Write(const PayeeProfile& profile) {
    events::Event event;
    event.tenant = profile.partner_id;
    event.aggregate = PayeeProfileAggregate(profile.partner_id);
    event.version = profile.version;
    event.type = "PAYEE_PROFILE_UPDATED";
    event.actor = "operators/test";
    event.create_time = kNow;
    events::Change change;
    change.events.push_back(event);
    return store_.Write(TestDeadline(), profile, change);
  }

  static TestDatabase* database_;
  const Uuid partner_ = Uuid::V7(kNow);
  PayeeProfileStore store_{database_->database()};
};
TestDatabase* PayeeProfileStoreTest::database_ = nullptr;

TEST_F(PayeeProfileStoreTest, IsEmptyBeforeTheFirstChange) {
  ASSERT_OK_AND_ASSIGN(const PayeeProfile profile, store_.Find(TestDeadline(), partner_));
  EXPECT_EQ(profile.partner_id, partner_);
  EXPECT_EQ(profile.version, 0);
  EXPECT_EQ(profile.currency_code, "");
  EXPECT_EQ(profile.tax_form_date, std::nullopt);
}

TEST_F(PayeeProfileStoreTest, ReadsBackWhatWasWritten) {
  PayeeProfile profile = FirstVersion();
  ASSERT_OK(Write(profile));
  profile.version = 2;
  profile.currency_code = "JPY";
  profile.sealed_bank_reference = std::string("k1:\0\xff", 5);
  profile.bank_reference_tail = "3000";
  profile.tax_form_kind = "W-8BEN-E";
  profile.tax_form_date = Date(2009, 5, 31);
  profile.update_time = kNow + absl::Hours(1);
  ASSERT_OK(Write(profile));
  ASSERT_OK_AND_ASSIGN(const PayeeProfile found, store_.Find(TestDeadline(), partner_));
  EXPECT_EQ(found.currency_code, profile.currency_code);
  EXPECT_EQ(found.sealed_bank_reference, profile.sealed_bank_reference);
  EXPECT_EQ(found.bank_reference_tail, profile.bank_reference_tail);
  EXPECT_EQ(found.tax_form_kind, profile.tax_form_kind);
  EXPECT_EQ(found.tax_form_date, profile.tax_form_date);
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_EQ(found.update_time, kNow + absl::Hours(1));
}

TEST_F(PayeeProfileStoreTest, RefusesAChangeMadeOnAnOlderVersion) {
  PayeeProfile profile = FirstVersion();
  ASSERT_OK(Write(profile));
  EXPECT_TRUE(IsLostRace(Write(profile)));
  profile.version = 3;
  EXPECT_TRUE(IsLostRace(Write(profile)));
}

}  // namespace
}  // namespace countersign::partner
