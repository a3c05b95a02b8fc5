#include "billing-service/src/domain/activation.h"

#include "absl/status/status.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

ConfirmedOrder TwentyFiveSeats() {
  ConfirmedOrder order;
  order.account = IdOf("account");
  order.order = {IdOf("A"), IdOf("order")};
  order.revision = 1;
  order.partner_of_record = IdOf("A");
  order.currency = "USD";
  order.lines = {{"offers/bpos-suite", "BPOS Standard Suite", 25, Usd(15'00), 1, 12}};
  order.start = Day("2009-06-01");
  order.confirm_time = StartOf(order.start) + absl::Hours(9);
  order.customer.company_name = "Fabrikam";
  order.purchase_order_number = "PO-1";
  return order;
}

TEST(ActivationTest, OpensTheAccountTheSubscriptionAndItsFirstInvoice) {
  const ConfirmedOrder order = TwentyFiveSeats();
  const ActivationResult result = *Activate(std::nullopt, "1234567897", order, {}, order.confirm_time);
  EXPECT_EQ(result.account.version, 1);
  EXPECT_EQ(result.account.next_invoice_sequence, 2);
  EXPECT_EQ(result.account.customer.company_name, "Fabrikam");
  ASSERT_EQ(result.started.size(), 1u);
  EXPECT_EQ(result.started[0].state, SubscriptionState::kActive);
  ASSERT_EQ(result.invoices.size(), 1u);
  EXPECT_EQ(result.invoices[0].number, "1234567897-1");
  EXPECT_EQ(result.invoices[0].total, Usd(375'00));
  EXPECT_EQ(AmountDue(result.invoices[0]), Usd(375'00));
  EXPECT_EQ(result.invoices[0].order, order.order);
  ASSERT_EQ(result.postings.size(), 1u);
  EXPECT_TRUE(CheckBalanced(result.postings[0]).ok());
}

TEST(ActivationTest, DatesComeFromTheConfirmationAndNotFromTheDayOfTheCall) {
  const ConfirmedOrder order = TwentyFiveSeats();
  const absl::Time months_later = order.confirm_time + absl::Hours(24 * 70);
  const ActivationResult result = *Activate(std::nullopt, "1234567897", order, {}, months_later);
  ASSERT_EQ(result.invoices.size(), 1u);
  EXPECT_EQ(result.invoices[0].issue_date, Day("2009-06-01"));
  EXPECT_EQ(result.invoices[0].lines[0].service, (Period{Day("2009-06-01"), Day("2009-07-01")}));
}

TEST(ActivationTest, StartToComeIsPendingAndNotInvoiced) {
  ConfirmedOrder order = TwentyFiveSeats();
  order.start = Day("2009-06-15");
  const ActivationResult result = *Activate(std::nullopt, "1234567897", order, {}, order.confirm_time);
  EXPECT_EQ(result.started[0].state, SubscriptionState::kPending);
  EXPECT_TRUE(result.invoices.empty());
  EXPECT_EQ(result.activation.invoice_count, 0);
}

TEST(ActivationTest, GathersWhatElseIsDueOnTheSameInvoice) {
  Subscription other = Seats(10, Usd(10'00), "2009-05-01");
  BillOn(other, "2009-05-01");
  other.version = 3;
  BillingAccount account = AccountIn("USD");
  account.version = 7;
  account.next_invoice_sequence = 5;
  const ActivationResult result = *Activate(account, "", TwentyFiveSeats(), {other}, TwentyFiveSeats().confirm_time);
  ASSERT_EQ(result.invoices.size(), 1u);
  EXPECT_EQ(result.invoices[0].sequence, 5);
  EXPECT_EQ(result.invoices[0].total, Usd(475'00));
  EXPECT_EQ(result.account.version, 8);
  ASSERT_EQ(result.rebilled.size(), 1u);
  EXPECT_EQ(result.rebilled[0].version, 4);
  EXPECT_EQ(result.started.size(), 1u);
}

TEST(ActivationTest, KeepsWhatTheCustomerSaidAtItsFirstOrder) {
  BillingAccount account = AccountIn("USD");
  account.customer.billing_email = "first@example.com";
  ConfirmedOrder order = TwentyFiveSeats();
  order.customer.billing_email = "other@example.com";
  EXPECT_EQ(Activate(account, "", order, {}, order.confirm_time)->account.customer.billing_email, "first@example.com");
}

TEST(ActivationTest, RefusesAnAccountInAnotherCurrency) {
  const ConfirmedOrder order = TwentyFiveSeats();
  EXPECT_EQ(DetailsOf(Activate(AccountIn("EUR"), "", order, {}, order.confirm_time).status()).reason,
            "CURRENCY_MISMATCH");
  EXPECT_TRUE(Activate(std::nullopt, "1234567897", order, {}, order.confirm_time).ok());
  EXPECT_TRUE(Activate(AccountIn("USD"), "", order, {}, order.confirm_time).ok());
}

}  // namespace
}  // namespace countersign::billing
