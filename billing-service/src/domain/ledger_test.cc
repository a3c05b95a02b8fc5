#include "billing-service/src/domain/ledger.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/test_terms.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> EntriesOf(const LedgerTransaction& transaction) {
  std::vector<std::string> entries;
  for (const LedgerEntry& entry : transaction.entries) {
    entries.push_back(absl::StrCat(entry.side == LedgerSide::kDebit ? "debit " : "credit ", NameOf(entry.account), " ",
                                   entry.amount.ToString()));
  }
  return entries;
}

TEST(LedgerTest, InvoiceMakesAReceivableAndRevenue) {
  EXPECT_THAT(
      EntriesOf(*PostInvoiceOpened(IdOf("account"), IdOf("invoice"), Usd(375'00), Usd(0), "", Day("2009-06-01"))),
      ElementsAre("debit accounts_receivable 375.00 USD", "credit revenue 375.00 USD"));
}

TEST(LedgerTest, TaxIsOwedToItsRegion) {
  const LedgerTransaction posting =
      *PostInvoiceOpened(IdOf("account"), IdOf("invoice"), Usd(375'00), Usd(71'25), "DE", Day("2009-06-01"));
  EXPECT_THAT(EntriesOf(posting), ElementsAre("debit accounts_receivable 446.25 USD", "credit revenue 375.00 USD",
                                              "credit tax_payable 71.25 USD"));
  EXPECT_EQ(posting.entries.back().part, "DE");
}

TEST(LedgerTest, OnePostingNetsEachAccount) {
  Posting posting(IdOf("account"), "CREDIT_NOTE_ISSUED", IdOf("note"), Day("2009-06-10"));
  posting.Debit(LedgerAccount::kRevenue, Usd(100'00));
  posting.Credit(LedgerAccount::kCustomerCredit, Usd(100'00));
  posting.Debit(LedgerAccount::kCustomerCredit, Usd(40'00));
  posting.Credit(LedgerAccount::kAccountsReceivable, Usd(40'00));
  posting.Debit(LedgerAccount::kFeeExpense, Usd(-12'00));
  posting.Credit(LedgerAccount::kFeeClearing, Usd(-12'00));
  EXPECT_THAT(EntriesOf(*std::move(posting).Finish()),
              ElementsAre("debit revenue 100.00 USD", "credit customer_credit 60.00 USD",
                          "credit accounts_receivable 40.00 USD", "credit fee_expense 12.00 USD",
                          "debit fee_clearing 12.00 USD"));
}

TEST(LedgerTest, AnUnbalancedPostingIsRefused) {
  Posting posting(IdOf("account"), "REFUNDED", IdOf("refund"), Day("2009-06-10"));
  posting.Debit(LedgerAccount::kCustomerCredit, Usd(100'00));
  EXPECT_FALSE(std::move(posting).Finish().ok());
}

FeeEntry PartnersFee(const Money& amount, FeeCause cause = FeeCause::kInvoicePaid) {
  FeeEntry fee;
  fee.id = IdOf("fee");
  fee.segment.partner = IdOf("A");
  fee.cause = cause;
  fee.amount = amount;
  fee.forgone = Usd(0);
  return fee;
}

TEST(LedgerTest, FeeMeetsThePaymentsSideInTheClearingAccount) {
  EXPECT_THAT(EntriesOf(*PostPartnersFee(PartnersFee(Usd(45'00)))),
              ElementsAre("credit fee_payable 45.00 USD", "debit fee_clearing 45.00 USD"));
}

TEST(LedgerTest, ReversalStandsOnTheOtherSide) {
  EXPECT_THAT(EntriesOf(*PostPartnersFee(PartnersFee(Usd(-45'00), FeeCause::kCreditNote))),
              ElementsAre("debit fee_payable 45.00 USD", "credit fee_clearing 45.00 USD"));
}

TEST(LedgerTest, WhatIsNotEarnedOrForfeitedIsForgone) {
  FeeEntry fee = PartnersFee(Usd(0));
  fee.forgone = Usd(45'00);
  EXPECT_THAT(EntriesOf(*PostPartnersFee(fee)),
              ElementsAre("credit fee_forgone 45.00 USD", "debit fee_clearing 45.00 USD"));
  fee = PartnersFee(Usd(-45'00), FeeCause::kForfeited);
  fee.forgone = Usd(45'00);
  EXPECT_THAT(EntriesOf(*PostPartnersFee(fee)),
              ElementsAre("debit fee_payable 45.00 USD", "credit fee_forgone 45.00 USD"));
}

TEST(LedgerTest, AnAdjustmentIsTheVendorsOwnExpense) {
  EXPECT_THAT(EntriesOf(*PostPartnersFee(PartnersFee(Usd(5'00), FeeCause::kAdjusted))),
              ElementsAre("credit fee_payable 5.00 USD", "debit fee_adjustment 5.00 USD"));
}

TEST(LedgerTest, NothingIsPostedForZero) { EXPECT_THAT(PostPartnersFee(PartnersFee(Usd(0)))->entries, IsEmpty()); }

TEST(LedgerTest, RefusesWhatDoesNotBalance) {
  const LedgerTransaction good =
      *PostInvoiceOpened(IdOf("account"), IdOf("invoice"), Usd(375'00), Usd(0), "", Day("2009-06-01"));
  EXPECT_TRUE(CheckBalanced(good).ok());
  LedgerTransaction transaction = good;
  transaction.entries[1].amount = Usd(374'99);
  EXPECT_FALSE(CheckBalanced(transaction).ok());
  transaction = good;
  transaction.entries[1].side = LedgerSide::kDebit;
  EXPECT_FALSE(CheckBalanced(transaction).ok());
  transaction = good;
  transaction.entries[0].amount = transaction.entries[1].amount = Usd(0);
  EXPECT_FALSE(CheckBalanced(transaction).ok());
  transaction = good;
  transaction.entries[1].amount = *Money::FromMicros(375'000'000, "EUR");
  EXPECT_FALSE(CheckBalanced(transaction).ok());
  transaction.entries.clear();
  EXPECT_FALSE(CheckBalanced(transaction).ok());
}

}  // namespace
}  // namespace countersign::billing
