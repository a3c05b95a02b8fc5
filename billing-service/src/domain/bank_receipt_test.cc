#include "billing-service/src/domain/bank_receipt.h"

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

BankReceipt Unknown() {
  BankReceipt receipt;
  receipt.id = IdOf("receipt");
  receipt.amount = Usd(375'00);
  return NewBankReceipt(receipt);
}

TEST(BankReceiptTest, WithoutAPayerItWaitsAndMakesNoPayment) {
  EXPECT_EQ(Unknown().state, BankReceiptState::kUnallocated);
  EXPECT_EQ(PaymentOf(Unknown()), std::nullopt);
}

TEST(BankReceiptTest, EachAllocationMakesAPaymentOfItsOwn) {
  const BankReceipt first = *AllocateTo(Unknown(), IdOf("wrong"), std::nullopt);
  const BankReceipt waiting = *Unapply(first);
  EXPECT_EQ(waiting.state, BankReceiptState::kUnallocated);
  EXPECT_EQ(waiting.account, std::nullopt);
  const BankReceipt second = *AllocateTo(waiting, IdOf("right"), IdOf("invoice"));
  EXPECT_EQ(second.version, 4);
  ASSERT_TRUE(PaymentOf(first).has_value());
  EXPECT_NE(PaymentOf(first), PaymentOf(second));
}

TEST(BankReceiptTest, ReversedIsFinal) {
  const BankReceipt reversed = *Reverse(Unknown());
  EXPECT_EQ(DetailsOf(Reverse(reversed).status()).reason, "BANK_RECEIPT_STATE");
  EXPECT_EQ(DetailsOf(Unapply(reversed).status()).reason, "BANK_RECEIPT_STATE");
  EXPECT_EQ(DetailsOf(AllocateTo(reversed, IdOf("account"), std::nullopt).status()).reason, "BANK_RECEIPT_STATE");
  EXPECT_EQ(DetailsOf(Unapply(Unknown()).status()).reason, "BANK_RECEIPT_STATE");
}

TEST(BankReceiptTest, DatesLieBetweenTwoYearsAgoAndTomorrow) {
  const Date today = Day("2009-06-01");
  EXPECT_TRUE(IsPlausibleBankDate(Day("2007-06-01"), today));
  EXPECT_TRUE(IsPlausibleBankDate(Day("2009-06-02"), today));
  EXPECT_FALSE(IsPlausibleBankDate(Day("2007-05-31"), today));
  EXPECT_FALSE(IsPlausibleBankDate(Day("2009-06-03"), today));
  EXPECT_FALSE(IsPlausibleBankDate(Day("2199-01-01"), today));
}

}  // namespace
}  // namespace countersign::billing
