#include "billing-service/src/domain/settlement.h"

#include <cstdint>
#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

constexpr int64_t kNothingSmall = 0;
const absl::Time kNow = StartOf(Day("2009-06-20"));

// The account with the first invoice of 25 seats: 375.00, a fee of 45.00.
struct Opened : AccountState {
  Opened() {
    account = AccountIn("USD");
    account.credit = Usd(0);
    account.version = 1;
    invoices = Bill(account, {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01"))->invoices;
    invoices[0].version = 1;
    fees = FrozenFees(invoices[0]);
  }
};

BankReceipt Receipt(const Money& amount) {
  BankReceipt receipt;
  receipt.id = IdOf("receipt");
  receipt.amount = amount;
  receipt.account = IdOf("account");
  receipt.value_date = Day("2009-06-19");
  return NewBankReceipt(receipt);
}

TEST(SettlementTest, FullPaymentPaysTheInvoiceAndEarnsTheFee) {
  const Opened opened;
  const Settlement settlement = *Settle(opened, Receipt(Usd(375'00)), kNothingSmall, kNow);
  ASSERT_EQ(settlement.change.invoices.size(), 1u);
  EXPECT_EQ(settlement.change.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(settlement.change.invoices[0].paid_time, kNow);
  EXPECT_EQ(settlement.change.invoices[0].version, 2);
  ASSERT_EQ(settlement.change.fees.size(), 1u);
  EXPECT_EQ(settlement.change.fees[0].amount, Usd(45'00));
  EXPECT_EQ(settlement.change.account.credit, Usd(0));
  EXPECT_EQ(settlement.change.account.version, 2);
  EXPECT_TRUE(CheckBalanced(settlement.change.posting).ok());
}

TEST(SettlementTest, PartPaymentLeavesTheInvoiceOpenAndEarnsNothing) {
  const Opened opened;
  const Settlement settlement = *Settle(opened, Receipt(Usd(374'99)), kNothingSmall, kNow);
  EXPECT_EQ(settlement.change.invoices[0].state, InvoiceState::kOpen);
  EXPECT_EQ(AmountDue(settlement.change.invoices[0]), Usd(1));
  EXPECT_TRUE(settlement.change.fees.empty());
}

TEST(SettlementTest, ASmallDifferenceIsBankCharges) {
  const Opened opened;
  const Settlement settlement = *Settle(opened, Receipt(Usd(374'60)), 1'000'000, kNow);
  EXPECT_EQ(settlement.change.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(settlement.change.invoices[0].paid, Usd(375'00));
  EXPECT_EQ(settlement.change.fees[0].amount, Usd(45'00));
  EXPECT_EQ(settlement.payment.allocation.parts[0].bank_charge, 400'000);
  EXPECT_TRUE(CheckBalanced(settlement.change.posting).ok());
  EXPECT_EQ(Settle(opened, Receipt(Usd(373'99)), 1'000'000, kNow)->change.invoices[0].state, InvoiceState::kOpen);
  EXPECT_EQ(Settle(opened, Receipt(Usd(374'00)), 1'000'000, kNow)->change.invoices[0].state, InvoiceState::kPaid);
}

TEST(SettlementTest, AReversedPaymentTakesItsBankChargesBack) {
  const Opened opened;
  const Settlement paid = *Settle(opened, Receipt(Usd(374'60)), 1'000'000, kNow);
  const Settlement reversal =
      *ReversePayment({paid.change.account, paid.change.invoices, paid.change.fees}, paid.payment, {}, kNow);
  EXPECT_EQ(reversal.payment.state, PaymentState::kReversed);
  EXPECT_EQ(AmountDue(reversal.change.invoices[0]), Usd(375'00));
  EXPECT_EQ(reversal.change.fees[0].amount, Usd(-45'00));
  EXPECT_TRUE(CheckBalanced(reversal.change.posting).ok());
  EXPECT_EQ(DetailsOf(ReversePayment({}, reversal.payment, {}, kNow).status()).reason, "PAYMENT_STATE");
}

TEST(SettlementTest, TheRestOfAPaymentEarnsTheWholeFee) {
  const Opened opened;
  const Settlement first = *Settle(opened, Receipt(Usd(200'00)), kNothingSmall, kNow);
  const Settlement second =
      *Settle({first.change.account, first.change.invoices, opened.fees}, Receipt(Usd(200'00)), kNothingSmall, kNow);
  EXPECT_EQ(second.change.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(second.change.fees[0].amount, Usd(45'00));
  EXPECT_EQ(second.change.account.credit, Usd(25'00));
}

TEST(SettlementTest, UncollectibleInvoiceCanStillBePaid) {
  Opened opened;
  opened.invoices[0].state = InvoiceState::kUncollectible;
  EXPECT_EQ(Settle(opened, Receipt(Usd(375'00)), kNothingSmall, kNow)->change.invoices[0].state, InvoiceState::kPaid);
}

// 200 invoices of one line, which come to 603 rows: three each, and more beside them.
TEST(SettlementTest, MoneyForMoreInvoicesThanOneActHoldsIsUsedInFurtherActs) {
  constexpr size_t kInvoices = 200;
  Opened state;
  while (state.invoices.size() < kInvoices) {
    const Invoice invoice =
        Bill(state.account, {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01"))->invoices.front();
    Invoice next = invoice;
    next.sequence = static_cast<int64_t>(state.invoices.size()) + 1;
    next.id = InvoiceId(state.account.id, next.sequence);
    next.version = 1;
    for (const FeeEntry& fee : FrozenFees(next)) state.fees.push_back(fee);
    state.invoices.push_back(next);
  }
  AccountChange change = Settle(state, Receipt(Usd(375'00 * 200)), kNothingSmall, kNow)->change;
  size_t paid = change.invoices.size();
  EXPECT_EQ(paid, kMaxRowsOfAct / 3);
  while (change.credit_waits) {
    std::erase_if(state.invoices,
                  [&](const Invoice& open) { return FindInvoice(change.invoices, open.id) != nullptr; });
    change = *UseCreditFor({change.account, state.invoices, state.fees}, change.account.id, kNow);
    ASSERT_LE(2 * change.invoices.size() + change.fees.size(), kMaxRowsOfAct);
    ASSERT_GT(change.invoices.size(), 0u);
    paid += change.invoices.size();
  }
  EXPECT_EQ(paid, kInvoices);
  EXPECT_EQ(change.account.credit, Usd(0));
}

TEST(SettlementTest, MoneyOfAnotherCurrencyIsRefused) {
  const Opened opened;
  const Money euro = *Money::FromMicros(375'000'000, "EUR");
  EXPECT_EQ(DetailsOf(Settle(opened, Receipt(euro), kNothingSmall, kNow).status()).reason, "CURRENCY_MISMATCH");
}

}  // namespace
}  // namespace countersign::billing
