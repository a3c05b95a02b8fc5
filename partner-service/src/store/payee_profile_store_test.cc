#include "partner-service/src/store/payee_profile_store.h"

#include <string>

#include "common/base/error.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

class PayeeProfileStoreTest : public StoreTest {
 protected:
  PayeeProfile FirstVersion() const {
    return {.partner_id = partner_, .create_time = kNow, .currency_code = "USD", .version = 1, .update_time = kNow};
  }

  absl::Status Write(const PayeeProfile& profile) {
    return Commit({profile.partner_id, PayeeProfileAggregate(profile.partner_id), profile.version},
                  {PayeeProfileStore::Row(profile)});
  }

  const Uuid partner_ = Uuid::V7(kNow);
  const PayeeProfileStore store_{database_->database()};
};

TEST_F(PayeeProfileStoreTest, IsEmptyBeforeTheFirstChange) {
  ASSERT_OK_AND_ASSIGN(const PayeeProfile profile, store_.Get(TestDeadline(), partner_));
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
  profile.tax_region = "DE";
  profile.update_time = kNow + absl::Hours(1);
  ASSERT_OK(Write(profile));
  ASSERT_OK_AND_ASSIGN(const PayeeProfile found, store_.Get(TestDeadline(), partner_));
  EXPECT_EQ(found.currency_code, profile.currency_code);
  EXPECT_EQ(found.sealed_bank_reference, profile.sealed_bank_reference);
  EXPECT_EQ(found.bank_reference_tail, profile.bank_reference_tail);
  EXPECT_EQ(found.tax_form_kind, profile.tax_form_kind);
  EXPECT_EQ(found.tax_form_date, profile.tax_form_date);
  EXPECT_EQ(found.tax_region, profile.tax_region);
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.create_time, kNow);
  EXPECT_EQ(found.update_time, kNow + absl::Hours(1));
}

TEST_F(PayeeProfileStoreTest, RefusesAChangeMadeOnAnOlderVersion) {
  PayeeProfile profile = FirstVersion();
  ASSERT_OK(Write(profile));
  profile.currency_code = "EUR";
  EXPECT_TRUE(IsLostRace(Write(profile)));
  profile.version = 2;
  ASSERT_OK(Write(profile));
  profile.currency_code = "JPY";
  EXPECT_TRUE(IsLostRace(Write(profile)));
  EXPECT_EQ(store_.Get(TestDeadline(), partner_).value_or(PayeeProfile()).currency_code, "EUR");
}

}  // namespace
}  // namespace countersign::partner
