#include "partner-service/src/domain/payee_profile.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::partner {
namespace {

TEST(PayeeProfileTest, ShowsTheLastFourCharactersOfAnAccount) {
  EXPECT_EQ(TailOf("DE89370400440532013000"), "3000");
  EXPECT_EQ(TailOf("12345"), "2345");
  EXPECT_EQ(TailOf("12"), "12");
  EXPECT_EQ(TailOf(""), "");
}

TEST(PayeeProfileTest, HasATaxFormWithKindAndDateOrNone) {
  const Date today(2009, 6, 1);
  PayeeProfile profile;
  EXPECT_TRUE(CheckTaxForm(profile, today).ok());
  profile.tax_form_kind = "W-9";
  EXPECT_EQ(DetailsOf(CheckTaxForm(profile, today)).violations.at(0).field, "payee_profile.tax_form_date");
  profile.tax_form_date = today;
  EXPECT_TRUE(CheckTaxForm(profile, today).ok());
  profile.tax_form_date = today + 1;
  EXPECT_FALSE(CheckTaxForm(profile, today).ok());
  profile.tax_form_kind.clear();
  profile.tax_form_date = today;
  EXPECT_FALSE(CheckTaxForm(profile, today).ok());
}

TEST(PayeeProfileTest, BindsTheAccountToItsPartner) {
  EXPECT_NE(BankReferenceContext(Uuid::Derived({"a"})), BankReferenceContext(Uuid::Derived({"b"})));
}

}  // namespace
}  // namespace countersign::partner
