#include "billing-service/src/domain/billing_account.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

TEST(BillingAccountTest, NumberIsTheSameForTheSameAccountAndAttempt) {
  EXPECT_EQ(AccountNumber(IdOf("account"), 0), AccountNumber(IdOf("account"), 0));
  EXPECT_NE(AccountNumber(IdOf("account"), 0), AccountNumber(IdOf("account"), 1));
  EXPECT_NE(AccountNumber(IdOf("account"), 0), AccountNumber(IdOf("another"), 0));
}

TEST(BillingAccountTest, ATaxIdIsValidatedForOneCountry) {
  BillingAccount account = AccountIn("EUR");
  account.customer.billing_address.region_code = "DE";
  account.tax_profile = {.tax_id = "DE123456789", .validation_date = Day("2009-06-01"), .exemption = ""};
  PostalAddress address = account.customer.billing_address;
  address.postal_code = "10115";
  SetBillingAddress(account, address);
  EXPECT_EQ(account.tax_profile.validation_date, Day("2009-06-01")) << "in the same country";
  address.region_code = "FR";
  SetBillingAddress(account, address);
  EXPECT_EQ(account.customer.billing_address.region_code, "FR");
  EXPECT_EQ(account.tax_profile.tax_id, "DE123456789");
  EXPECT_EQ(account.tax_profile.validation_date, std::nullopt);
}

TEST(BillingAccountTest, NumbersAreWellFormedAndSpread) {
  std::set<std::string> numbers;
  for (int account = 0; account < 1000; ++account) {
    const std::string number = AccountNumber(IdOf(absl::StrCat(account)), 0);
    EXPECT_TRUE(IsAccountNumber(number)) << number;
    numbers.insert(number);
  }
  EXPECT_EQ(numbers.size(), 1000u);
}

TEST(BillingAccountTest, OneMistypedDigitIsNoticed) {
  const std::string number = AccountNumber(IdOf("account"), 0);
  for (size_t i = 0; i < number.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string typed = number;
      typed[i] = digit;
      EXPECT_EQ(IsAccountNumber(typed), typed == number) << typed;
    }
  }
}

TEST(BillingAccountTest, KnowsTheLuhnCheckDigitOfTheStandard) {
  EXPECT_TRUE(IsAccountNumber("1234567897"));
  for (const char* text : {"", "1234567890", "0234567899", "123456789", "12345678971", "123456789a"}) {
    EXPECT_FALSE(IsAccountNumber(text)) << text;
  }
}

TEST(BillingAccountTest, InvoicesAreNumberedWithinTheAccount) {
  BillingAccount account;
  account.number = "1234567897";
  EXPECT_EQ(InvoiceNumber(account, 1), "1234567897-1");
  EXPECT_NE(InvoiceId(IdOf("account"), 1), InvoiceId(IdOf("account"), 2));
  EXPECT_NE(InvoiceId(IdOf("account"), 1), InvoiceId(IdOf("another"), 1));
}

TEST(BillingContactTest, CodesStayWithTheAddressBeforeForAWeekHoweverOftenItChanges) {
  const absl::Time monday = absl::FromUnixSeconds(1'243'846'800);
  BillingAccount account;
  account.version = 1;
  account.customer.billing_email = "first@example.com";
  EXPECT_EQ(CodeEmail(account, monday), "first@example.com");
  EXPECT_EQ(DetailsOf(ChangeBillingContact(account, "first@example.com", monday).status()).reason,
            "BILLING_CONTACT_UNCHANGED");
  account = *ChangeBillingContact(account, "second@example.com", monday);
  EXPECT_EQ(account.version, 2);
  EXPECT_EQ(account.customer.billing_email, "second@example.com");
  EXPECT_EQ(CodeEmail(account, monday + absl::Hours(7 * 24) - absl::Seconds(1)), "first@example.com");
  EXPECT_EQ(CodeEmail(account, monday + absl::Hours(7 * 24)), "second@example.com");
  const BillingAccount hasty = *ChangeBillingContact(account, "third@example.com", monday + absl::Hours(24));
  EXPECT_EQ(CodeEmail(hasty, monday + absl::Hours(7 * 24)), "first@example.com");
  const BillingAccount later = *ChangeBillingContact(account, "third@example.com", monday + absl::Hours(8 * 24));
  EXPECT_EQ(CodeEmail(later, monday + absl::Hours(9 * 24)), "second@example.com");
}

}  // namespace
}  // namespace countersign::billing
