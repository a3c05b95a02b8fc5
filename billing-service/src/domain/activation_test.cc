#include "billing-service/src/domain/activation.h"

#include "absl/status/status.h"
#include "billing-service/src/domain/billing_run.h"
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
  const ActivationResult result =
      *Activate({.number = "1234567897", .fee_schedules = StandardSchedules()}, order, order.confirm_time);
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

TEST(ActivationTest, ANewAccountTakesTheTaxIdAndOneThatHasOneKeepsIt) {
  ConfirmedOrder order = TwentyFiveSeats();
  order.tax_id = "DE123456789";
  EXPECT_EQ(Activate({.number = "1234567897", .fee_schedules = StandardSchedules()}, order, order.confirm_time)
                ->account.tax_profile.tax_id,
            "DE123456789");
  BillingAccount account = AccountIn("USD");
  EXPECT_EQ(Activate({.account = account}, order, order.confirm_time)->account.tax_profile.tax_id, "DE123456789");
  account.tax_profile = {"DE987654321", Day("2009-05-01"), ""};
  const TaxProfile kept = Activate({.account = account}, order, order.confirm_time)->account.tax_profile;
  EXPECT_EQ(kept.tax_id, "DE987654321");
  EXPECT_EQ(kept.validation_date, Day("2009-05-01"));
}

TEST(ActivationTest, InvoiceIsDatedTheDayOfTheCallAndServesFromTheStart) {
  const ConfirmedOrder order = TwentyFiveSeats();
  const ActivationResult result = *Activate({.number = "1234567897", .fee_schedules = StandardSchedules()}, order,
                                            StartOf(Day("2009-06-03")) + absl::Hours(1));
  ASSERT_EQ(result.invoices.size(), 1u);
  EXPECT_EQ(result.invoices[0].issue_date, Day("2009-06-03"));
  EXPECT_EQ(result.invoices[0].due_date, Day("2009-07-03"));
  EXPECT_EQ(result.invoices[0].lines[0].service, (Period{Day("2009-06-01"), Day("2009-07-01")}));
  EXPECT_EQ(result.account.last_issue_date, Day("2009-06-03"));
}

TEST(ActivationTest, InvoiceIsNeverDatedBeforeTheAccountsLast) {
  BillingAccount account = AccountIn("USD");
  account.last_issue_date = Day("2009-06-10");
  const ConfirmedOrder order = TwentyFiveSeats();
  const ActivationResult result = *Activate({.account = account}, order, order.confirm_time);
  EXPECT_EQ(result.invoices[0].issue_date, Day("2009-06-10"));
  EXPECT_EQ(result.invoices[0].due_date, Day("2009-07-10"));
}

TEST(ActivationTest, IsLateFromTheFourthDayAfterTheStart) {
  const ConfirmedOrder order = TwentyFiveSeats();
  EXPECT_TRUE(CheckNotLate(order, Day("2009-05-01")).ok());
  EXPECT_TRUE(CheckNotLate(order, Day("2009-06-04")).ok());
  EXPECT_EQ(DetailsOf(CheckNotLate(order, Day("2009-06-05"))).reason, "ACTIVATION_LATE");
}

TEST(ActivationTest, OnlyWhatStartsOnADayCanBeLate) {
  ConfirmedOrder order = TwentyFiveSeats();
  for (const OrderKind kind : {OrderKind::kRenew, OrderKind::kChangePartner, OrderKind::kChangeSeats}) {
    order.kind = kind;
    EXPECT_TRUE(CheckNotLate(order, Day("2009-08-10")).ok()) << NameOf(kind);
  }
  order.change.seats_to_add = 10;
  EXPECT_FALSE(CheckNotLate(order, Day("2009-08-10")).ok());
}

TEST(ActivationTest, StartToComeIsPendingAndNotInvoiced) {
  ConfirmedOrder order = TwentyFiveSeats();
  order.start = Day("2009-06-15");
  const ActivationResult result =
      *Activate({.number = "1234567897", .fee_schedules = StandardSchedules()}, order, order.confirm_time);
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
  const ActivationResult result =
      *Activate({.account = account, .due = {other}}, TwentyFiveSeats(), TwentyFiveSeats().confirm_time);
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
  EXPECT_EQ(Activate({.account = account}, order, order.confirm_time)->account.customer.billing_email,
            "first@example.com");
}

TEST(ActivationTest, RefusesAnAccountInAnotherCurrency) {
  const ConfirmedOrder order = TwentyFiveSeats();
  EXPECT_EQ(DetailsOf(Activate({.account = AccountIn("EUR")}, order, order.confirm_time).status()).reason,
            "CURRENCY_MISMATCH");
  EXPECT_TRUE(Activate({.number = "1234567897", .fee_schedules = StandardSchedules()}, order, order.confirm_time).ok());
  EXPECT_TRUE(Activate({.account = AccountIn("USD")}, order, order.confirm_time).ok());
}

TEST(ActivationTest, RefusesAParkedAccount) {
  BillingAccount account = AccountIn("USD");
  account.state = BillingAccountState::kParked;
  const ConfirmedOrder order = TwentyFiveSeats();
  EXPECT_EQ(DetailsOf(Activate({.account = account}, order, order.confirm_time).status()).reason,
            "BILLING_ACCOUNT_PARKED");
}

TEST(ActivationTest, TrialIsServedWithoutALineAndTheTermStartsAfterIt) {
  ConfirmedOrder order = TwentyFiveSeats();
  order.lines[0].trial_days = 30;
  const ActivationResult result =
      *Activate({.number = "1234567897", .fee_schedules = StandardSchedules()}, order, order.confirm_time);
  const Subscription& suite = result.started[0];
  EXPECT_EQ(suite.state, SubscriptionState::kActive);
  EXPECT_TRUE(result.invoices.empty());
  EXPECT_EQ(CurrentTerm(suite), (Period{Day("2009-07-01"), Day("2010-07-01")}));
  EXPECT_EQ(suite.tranches[0].first_year_start, Day("2009-07-01"));
  EXPECT_EQ(CancellableUntil(suite, suite.tranches[0]), Day("2009-07-07"));
}

// 25 seats of A from 2009-06-01, and an order of A about them, confirmed on 2009-07-11.
ConfirmedOrder ChangeOf(OrderKind kind) {
  ConfirmedOrder order = TwentyFiveSeats();
  order.lines.clear();
  order.kind = kind;
  order.change.subscription = IdOf("subscription");
  order.start = Day("2009-07-11");
  order.confirm_time = StartOf(order.start) + absl::Hours(9);
  return order;
}

BeforeActivation RunningSuite() {
  BeforeActivation before{.account = AccountIn("USD"), .target = Seats(25, Usd(15'00), "2009-06-01")};
  BillOn(*before.target, "2009-07-11");
  return before;
}

TEST(ActivationTest, AddedSeatsWaitForTheNextInvoice) {
  ConfirmedOrder order = ChangeOf(OrderKind::kChangeSeats);
  order.change.seats_to_add = 10;
  order.change.unit_price = Usd(15'00);
  const ActivationResult result = *Activate(RunningSuite(), order, order.confirm_time);
  EXPECT_TRUE(result.invoices.empty());
  EXPECT_TRUE(result.started.empty());
  ASSERT_EQ(result.changed.size(), 1u);
  EXPECT_EQ(Quantity(result.changed[0]), 35);
  EXPECT_EQ(result.activation.subscription, IdOf("subscription"));
}

TEST(ActivationTest, PurchaseOrderIsThatOfTheAddedSeatsOrOfAllFromTheRenewalOn) {
  ConfirmedOrder order = ChangeOf(OrderKind::kChangeSeats);
  order.purchase_order_number = "PO-2";
  order.change.seats_to_add = 10;
  order.change.unit_price = Usd(15'00);
  BeforeActivation before = RunningSuite();
  before.target->purchase_order_number = "PO-1";
  Subscription suite = Activate(before, order, order.confirm_time)->changed[0];
  EXPECT_EQ(PurchaseOrderOf(suite, suite.tranches[0]), "PO-1");
  EXPECT_EQ(PurchaseOrderOf(suite, suite.tranches[1]), "PO-2");

  order = ChangeOf(OrderKind::kRenew);
  order.purchase_order_number = "PO-3";
  order.change.renewal_quantity = 40;
  order.change.unit_price = Usd(10'00);
  before.target = suite;
  suite = Activate(before, order, order.confirm_time)->changed[0];
  EXPECT_EQ(PurchaseOrderOf(suite, suite.tranches[1]), "PO-2") << "until the renewal";
  BillOn(suite, "2010-06-01");
  for (const Tranche& tranche : suite.tranches) EXPECT_EQ(PurchaseOrderOf(suite, tranche), "PO-3");
  EXPECT_EQ(suite.renewal.purchase_order_number, "");
}

TEST(ActivationTest, AccountThatRequiresAPurchaseOrderRefusesAnOrderWithoutOne) {
  for (const OrderKind kind : {OrderKind::kNew, OrderKind::kChangeSeats, OrderKind::kRenew}) {
    ConfirmedOrder order = kind == OrderKind::kNew ? TwentyFiveSeats() : ChangeOf(kind);
    order.change.renewal_quantity = 30;
    order.change.unit_price = Usd(10'00);
    order.purchase_order_number.clear();
    BeforeActivation before = RunningSuite();
    EXPECT_TRUE(Activate(before, order, order.confirm_time).ok()) << NameOf(kind);
    before.account->purchase_orders.required_from = 1;
    EXPECT_EQ(DetailsOf(Activate(before, order, order.confirm_time).status()).reason, "PO_REQUIRED") << NameOf(kind);
    order.confirmed = false;
    EXPECT_TRUE(Activate(before, order, order.confirm_time).ok()) << NameOf(kind);
    order.confirmed = true;
    order.purchase_order_number = "PO-2";
    EXPECT_TRUE(Activate(before, order, order.confirm_time).ok()) << NameOf(kind);
    before.target->purchase_order_number = "PO-1";
    order.purchase_order_number.clear();
    EXPECT_EQ(Activate(before, order, order.confirm_time).ok(), kind != OrderKind::kNew) << NameOf(kind);
  }
}

TEST(ActivationTest, OnlyThePartnerOfRecordChangesSeatsAndRenews) {
  for (const OrderKind kind : {OrderKind::kChangeSeats, OrderKind::kRenew}) {
    ConfirmedOrder order = ChangeOf(kind);
    order.change.renewal_quantity = 30;
    order.change.unit_price = Usd(10'00);
    order.partner_of_record = IdOf("B");
    EXPECT_EQ(DetailsOf(Activate(RunningSuite(), order, order.confirm_time).status()).reason, "NOT_PARTNER_OF_RECORD");
    order.partner_of_record = IdOf("A");
    const ActivationResult result = *Activate(RunningSuite(), order, order.confirm_time);
    EXPECT_EQ(result.changed[0].renewal.quantity, 30);
    EXPECT_EQ(result.changed[0].renewal.source == RenewalSource::kOrder, kind == OrderKind::kRenew);
  }
}

// Confirmed on the last day of the term, and activated after the subscription renewed by itself.
TEST(ActivationTest, WhatWasConfirmedForARenewalIsNotPlannedForTheOneAfter) {
  for (const OrderKind kind : {OrderKind::kChangeSeats, OrderKind::kRenew}) {
    ConfirmedOrder order = ChangeOf(kind);
    order.change.renewal_quantity = 30;
    order.change.unit_price = Usd(10'00);
    order.confirm_time = StartOf(Day("2010-06-01")) - absl::Minutes(1);
    BeforeActivation before = RunningSuite();
    ASSERT_TRUE(Activate(before, order, order.confirm_time).ok()) << NameOf(kind);
    BillOn(*before.target, "2010-05-31");
    ASSERT_TRUE(Renew(*before.target, 25, Usd(15'00), {}).ok());
    const absl::Time later = StartOf(Day("2010-06-01")) + absl::Hours(1);
    EXPECT_EQ(DetailsOf(Activate(before, order, later).status()).reason, "RENEWAL_PASSED") << NameOf(kind);
    order.confirm_time = StartOf(Day("2010-06-01"));
    EXPECT_TRUE(Activate(before, order, later).ok()) << "for the next one: " << NameOf(kind);
  }
}

TEST(ActivationTest, ChangeOfPartnerTakesEffectOnTheNextMonthlyDay) {
  ConfirmedOrder order = ChangeOf(OrderKind::kChangePartner);
  BeforeActivation before = RunningSuite();
  EXPECT_EQ(DetailsOf(Activate(before, order, order.confirm_time).status()).reason, "TRANSFER_CODE_NOT_FOUND");
  before.transfer_code = *NewTransferCodeOf(*before.target, IdOf("code"), order.confirm_time);
  EXPECT_EQ(DetailsOf(Activate(before, order, order.confirm_time).status()).reason, "ALREADY_PARTNER_OF_RECORD");
  order.partner_of_record = IdOf("B");
  const ActivationResult result = *Activate(before, order, order.confirm_time);
  EXPECT_EQ(result.transfer_code->order, order.order);
  EXPECT_TRUE(result.invoices.empty());
  const Subscription& changed = result.changed[0];
  EXPECT_EQ(PartnerAt(changed, Day("2009-07-31")), IdOf("A"));
  EXPECT_EQ(PartnerAt(changed, Day("2009-08-01")), IdOf("B"));
}

TEST(ActivationTest, ChangeNeedsItsAccountItsSubscriptionAndItsOffer) {
  const ConfirmedOrder order = ChangeOf(OrderKind::kRenew);
  EXPECT_EQ(DetailsOf(Activate({}, order, order.confirm_time).status()).reason, "BILLING_ACCOUNT_NOT_FOUND");
  EXPECT_EQ(DetailsOf(Activate({.account = AccountIn("USD")}, order, order.confirm_time).status()).reason,
            "SUBSCRIPTION_NOT_FOUND");
  ConfirmedOrder other = order;
  other.change.offer = "offers/other";
  EXPECT_EQ(Activate(RunningSuite(), other, order.confirm_time).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace countersign::billing
