#include "billing-service/src/domain/settlement.h"

#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

const absl::Time kNow = StartOf(Day("2009-06-20"));

// The account with the first invoice of 25 seats: 375.00, a fee of 45.00.
struct Opened {
  BillingAccount account = AccountIn("USD");
  std::vector<Invoice> invoices;
  std::vector<FeeEntry> frozen;

  Opened() {
    account.credit = Usd(0);
    account.version = 1;
    invoices = Bill(account, {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01"))->invoices;
    invoices[0].version = 1;
    frozen = FrozenFees(invoices[0]);
  }
};

BankReceipt Receipt(const Money& amount) {
  BankReceipt receipt;
  receipt.id = IdOf("receipt");
  receipt.amount = amount;
  receipt.value_date = Day("2009-06-19");
  return receipt;
}

TEST(SettlementTest, FullPaymentPaysTheInvoiceAndEarnsTheFee) {
  const Opened opened;
  const Settlement settlement = *Settle(opened.account, Receipt(Usd(375'00)), opened.invoices, opened.frozen, kNow);
  ASSERT_EQ(settlement.invoices.size(), 1u);
  EXPECT_EQ(settlement.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(settlement.invoices[0].paid_time, kNow);
  EXPECT_EQ(settlement.invoices[0].version, 2);
  ASSERT_EQ(settlement.earned.size(), 1u);
  EXPECT_EQ(settlement.earned[0].amount, Usd(45'00));
  EXPECT_EQ(settlement.account.credit, Usd(0));
  EXPECT_EQ(settlement.account.version, 2);
  EXPECT_TRUE(CheckBalanced(settlement.posting).ok());
}

TEST(SettlementTest, PartPaymentLeavesTheInvoiceOpenAndEarnsNothing) {
  const Opened opened;
  const Settlement settlement = *Settle(opened.account, Receipt(Usd(374'99)), opened.invoices, opened.frozen, kNow);
  EXPECT_EQ(settlement.invoices[0].state, InvoiceState::kOpen);
  EXPECT_EQ(AmountDue(settlement.invoices[0]), Usd(1));
  EXPECT_TRUE(settlement.earned.empty());
}

TEST(SettlementTest, TheRestOfAPaymentEarnsTheWholeFee) {
  const Opened opened;
  const Settlement first = *Settle(opened.account, Receipt(Usd(200'00)), opened.invoices, opened.frozen, kNow);
  const Settlement second = *Settle(first.account, Receipt(Usd(200'00)), first.invoices, opened.frozen, kNow);
  EXPECT_EQ(second.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(second.earned[0].amount, Usd(45'00));
  EXPECT_EQ(second.account.credit, Usd(25'00));
}

TEST(SettlementTest, UncollectibleInvoiceCanStillBePaid) {
  Opened opened;
  opened.invoices[0].state = InvoiceState::kUncollectible;
  EXPECT_EQ(Settle(opened.account, Receipt(Usd(375'00)), opened.invoices, opened.frozen, kNow)->invoices[0].state,
            InvoiceState::kPaid);
}

TEST(SettlementTest, MoneyOfAnotherCurrencyIsRefused) {
  const Opened opened;
  const Money euro = *Money::FromMicros(375'000'000, "EUR");
  EXPECT_EQ(DetailsOf(Settle(opened.account, Receipt(euro), opened.invoices, opened.frozen, kNow).status()).reason,
            "CURRENCY_MISMATCH");
}

}  // namespace
}  // namespace countersign::billing
