#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/domain/billing_account.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

using ActivationServiceTest = ApiTest;

TEST_F(ActivationServiceTest, StartsTheSubscriptionAndOpensTheInvoice) {
  const v1::ActivateOrderRequest order = OrderRequest();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  ASSERT_EQ(activated.subscriptions_size(), 1);
  ASSERT_EQ(activated.invoices_size(), 1);

  v1::GetSubscriptionRequest get;
  get.set_name(activated.subscriptions(0));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, Call(&v1::SubscriptionService::Stub::GetSubscription, get));
  EXPECT_EQ(subscription.state(), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(subscription.quantity(), 25);
  EXPECT_EQ(subscription.order(), order.order());
  EXPECT_EQ(subscription.partner_of_record(), partner_);
  EXPECT_EQ(subscription.term_end_date().year(), 2010);
  EXPECT_EQ(subscription.billed_until_date().month(), 7);

  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(invoice.total().units(), 375);
  EXPECT_EQ(invoice.amount_due().units(), 375);
  EXPECT_EQ(invoice.order(), order.order());
  EXPECT_EQ(invoice.purchase_order_number(), "PO-4711");
  EXPECT_EQ(invoice.lines(0).explanation(), "25 × 15.00 USD × 1 month = 375.00 USD");
  EXPECT_EQ(invoice.due_date().month(), 7);
  EXPECT_FALSE(invoice.has_paid_time());

  v1::GetBillingAccountRequest get_account;
  get_account.set_name(account_);
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount account,
                       Call(&v1::BillingAccountService::Stub::GetBillingAccount, get_account));
  EXPECT_EQ(account.company_name(), "Fabrikam, Inc.");
  EXPECT_EQ(account.billing_address().locality(), "Seattle");
  EXPECT_TRUE(IsAccountNumber(account.account_number()));
  EXPECT_EQ(invoice.invoice_number(), account.account_number() + "-1");
  EXPECT_EQ(CountRows("fee_segments WHERE rate_basis_points = 1200 AND days = 30 AND earned_micros IS NULL"), 1);
  EXPECT_EQ(CountRows("events WHERE type IN ('ORDER_ACTIVATED', 'SUBSCRIPTION_CREATED', 'INVOICE_OPENED')"), 3);
  ExpectBalancedBooks();
}

TEST_F(ActivationServiceTest, ASecondOrderNeedsNotSayWhoPays) {
  v1::ActivateOrderRequest check = OrderRequest("second");
  check.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(v1::ActivateOrderResponse checked, Activate(check));
  EXPECT_FALSE(checked.billing_account_exists());
  ASSERT_OK(Activate(OrderRequest("first")));
  ASSERT_OK_AND_ASSIGN(checked, Activate(check));
  EXPECT_TRUE(checked.billing_account_exists());
  v1::ActivateOrderRequest second = OrderRequest("second");
  second.clear_company_name();
  second.clear_billing_email();
  second.clear_billing_address();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(second));
  EXPECT_EQ(activated.invoices_size(), 1);
  EXPECT_EQ(CountRows("billing_accounts WHERE company_name = 'Fabrikam, Inc.'"), 1);
}

TEST_F(ActivationServiceTest, AFirstOrderThatDoesNotSayWhoPaysIsParked) {
  v1::ActivateOrderRequest request = OrderRequest();
  request.clear_company_name();
  request.clear_billing_email();
  ExpectViolations(Activate(request).status(), {"company_name", "billing_email"});
  request.clear_billing_address();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse parked, Activate(request));
  EXPECT_NE(parked.parked_activation(), "");
  EXPECT_EQ(CountRows("parked_activations WHERE reason = 'BILLING_ACCOUNT_NOT_FOUND'"), 1);
}

TEST_F(ActivationServiceTest, SameRequestGivesTheSameBytes) {
  const v1::ActivateOrderRequest request = OrderRequest();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(request));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(request));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
}

TEST_F(ActivationServiceTest, ActivatesOnceWhateverTheRequestId) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(OrderRequest()));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(OrderRequest()));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(CountRows("subscriptions"), 1);
  EXPECT_EQ(CountRows("invoices"), 1);
  EXPECT_EQ(CountRows("ledger_transactions"), 1);
}

TEST_F(ActivationServiceTest, OrdersOfOneAccountGetNumbersWithoutAGap) {
  for (const char* order : {"first", "second", "third"}) ASSERT_OK(Activate(OrderRequest(order)));
  const std::vector<mysql::Row> rows =
      database_->Query("SELECT sequence, invoice_number FROM invoices ORDER BY sequence");
  ASSERT_EQ(rows.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rows[i].Int(0), i + 1);
    EXPECT_TRUE(absl::EndsWith(rows[i].Bytes(1), absl::StrCat("-", i + 1)));
  }
  EXPECT_EQ(CountRows("account_numbers"), 1);
}

TEST_F(ActivationServiceTest, OrdersOfOneAccountAtTheSameTimeAllSucceed) {
  // Each attempt that loses means that another won, so four callers need at most four of the five attempts.
  std::vector<std::thread> callers;
  for (const char* order : {"first", "second", "third", "fourth"}) {
    callers.emplace_back([this, order] { EXPECT_OK(Activate(OrderRequest(order))); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(CountRows("invoices WHERE sequence BETWEEN 1 AND 4"), 4);
  ExpectBalancedBooks();
}

TEST_F(ActivationServiceTest, SameRequestAtTheSameTimeGivesTheSameBytes) {
  const v1::ActivateOrderRequest request = OrderRequest();
  std::vector<std::string> replies(3);
  std::vector<std::thread> callers;
  callers.reserve(replies.size());
  for (std::string& reply : replies) {
    callers.emplace_back([&] {
      const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(request);
      EXPECT_OK(activated);
      if (activated.ok()) reply = activated->SerializeAsString();
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(replies, ::testing::Each(replies[0]));
  EXPECT_EQ(CountRows("subscriptions"), 1);
}

TEST_F(ActivationServiceTest, LineForEachOfferIsASubscriptionOnOneInvoice) {
  v1::ActivateOrderRequest request = OrderRequest();
  v1::ActivateOrderRequest::Line& line = *request.add_lines();
  line = request.lines(0);
  line.set_offer("offers/sharepoint-online");
  line.set_quantity(7);
  line.mutable_unit_price()->set_units(7);
  line.mutable_unit_price()->set_nanos(250'000'000);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  EXPECT_EQ(activated.subscriptions_size(), 2);
  ASSERT_EQ(activated.invoices_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.total().units(), 425);
  EXPECT_EQ(invoice.total().nanos(), 750'000'000);
}

TEST_F(ActivationServiceTest, StartToComeWaitsWithoutAnInvoice) {
  v1::ActivateOrderRequest request = OrderRequest();
  *request.mutable_start_date() = rpc::ToProto(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  EXPECT_EQ(activated.invoices_size(), 0);
  EXPECT_EQ(CountRows("subscriptions WHERE state = 'PENDING'"), 1);
}

TEST_F(ActivationServiceTest, DeliveryWithinThreeDaysIsInvoicedTodayFromTheConfirmedStart) {
  SetDay(Date(2009, 6, 4));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(OrderRequest()));
  ASSERT_EQ(activated.invoices_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.issue_date().day(), 4);
  EXPECT_EQ(invoice.due_date().month(), 7);
  EXPECT_EQ(invoice.due_date().day(), 4);
  EXPECT_EQ(invoice.lines(0).service_start_date().day(), 1);
  EXPECT_EQ(invoice.total().units(), 375);
}

TEST_F(ActivationServiceTest, NextInvoiceIsNotDatedBeforeTheLastWhenTheClockJumpsBack) {
  SetDay(Date(2009, 6, 3));
  ASSERT_OK(Activate(OrderRequest("first")));
  SetDay(Date(2009, 6, 2));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(OrderRequest("second")));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.issue_date().day(), 3);
}

TEST_F(ActivationServiceTest, KeepsThePriceItsTierThePurchaseOrderAndTheConfirmer) {
  v1::ActivateOrderRequest request = OrderRequest();
  request.mutable_lines(0)->set_price("offers/bpos-standard-suite/prices/usd-2009-06-01");
  request.mutable_lines(0)->set_tier_min_quantity(5);
  request.mutable_confirmer()->set_name("Ann Lee");
  request.mutable_confirmer()->set_role("CFO");
  request.mutable_confirmer()->set_email("ann@fabrikam.example");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(activated.subscriptions(0)));
  EXPECT_EQ(subscription.tranches(0).price(), request.lines(0).price());
  EXPECT_EQ(subscription.purchase_order_number(), "PO-4711");
  EXPECT_EQ(CountRows("tranches WHERE tier_quantity = 5"), 1);
  EXPECT_EQ(CountRows("activation_confirmers WHERE confirmer_email = 'ann@fabrikam.example'"), 1);
}

TEST_F(ActivationServiceTest, PromotionIsChargedInsteadOfTheListPrice) {
  v1::ActivateOrderRequest request = OrderRequest();
  v1::ActivateOrderRequest::Promotion& promotion = *request.mutable_lines(0)->mutable_promotion();
  promotion.mutable_unit_price()->set_currency_code("USD");
  promotion.mutable_unit_price()->set_units(8);
  *promotion.mutable_window_start_date() = rpc::ToProto(Date(2009, 5, 1));
  *promotion.mutable_window_end_date() = rpc::ToProto(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.total().units(), 200);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(activated.subscriptions(0)));
  EXPECT_EQ(subscription.tranches(0).unit_price().units(), 8);
  EXPECT_EQ(subscription.tranches(0).list_unit_price().units(), 15);
}

TEST_F(ActivationServiceTest, TrialIsServedAndNotInvoiced) {
  v1::ActivateOrderRequest request = OrderRequest();
  request.mutable_lines(0)->set_trial_days(30);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  EXPECT_EQ(activated.invoices_size(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(activated.subscriptions(0)));
  EXPECT_EQ(subscription.state(), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(subscription.serve_from_date().month(), 6);
  EXPECT_EQ(subscription.start_date().month(), 7);
  EXPECT_EQ(subscription.trial_days(), 30);
}

TEST_F(ActivationServiceTest, ValidateOnlyWritesNothing) {
  v1::ActivateOrderRequest request = OrderRequest();
  request.set_validate_only(true);
  for (auto clear : {&v1::ActivateOrderRequest::clear_start_date, &v1::ActivateOrderRequest::clear_confirm_time,
                     &v1::ActivateOrderRequest::clear_company_name, &v1::ActivateOrderRequest::clear_billing_email,
                     &v1::ActivateOrderRequest::clear_billing_address}) {
    (request.*clear)();
  }
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse answer, Activate(request));
  EXPECT_EQ(answer.subscriptions_size(), 0);
  for (const char* table : {"billing_accounts", "account_numbers", "subscriptions", "events", "stored_replies"}) {
    EXPECT_EQ(CountRows(table), 0) << table;
  }
}

TEST_F(ActivationServiceTest, RefusesAnotherCurrencyThanTheAccounts) {
  ASSERT_OK(Activate(OrderRequest("first")));
  v1::ActivateOrderRequest request = OrderRequest("second");
  request.set_currency_code("EUR");
  request.mutable_lines(0)->mutable_unit_price()->set_currency_code("EUR");
  request.set_validate_only(true);
  EXPECT_THAT(Activate(request), HasReason("CURRENCY_MISMATCH"));
  EXPECT_EQ(CountRows("subscriptions"), 1);
}

TEST_F(ActivationServiceTest, AmountBeyondTheLimitIsRefusedBeforeAnythingIsWritten) {
  v1::ActivateOrderRequest request = OrderRequest();
  request.mutable_lines(0)->set_quantity(1'000'000);
  request.mutable_lines(0)->mutable_unit_price()->set_units(999'999'999'999);
  request.set_validate_only(true);
  EXPECT_THAT(Activate(request), StatusIs(absl::StatusCode::kOutOfRange));
  request.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse parked, Activate(request));
  EXPECT_NE(parked.parked_activation(), "");
  EXPECT_EQ(CountRows("billing_accounts"), 0);
}

TEST_F(ActivationServiceTest, OnlyOrderServiceMayCall) {
  EXPECT_THAT(Call(&v1::ActivationService::Stub::ActivateOrder, OrderRequest(), "services/link-service"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&v1::ActivationService::Stub::ActivateOrder, OrderRequest(), kOperator),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&v1::ActivationService::Stub::ActivateOrder, OrderRequest(), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(CountRows("events"), 0);
}

TEST_F(ActivationServiceTest, EventsNameTheirResourcesAndTheOrder) {
  const v1::ActivateOrderRequest order = OrderRequest();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  const auto account = EventOf<v1::BillingAccountEvent>("ORDER_ACTIVATED");
  EXPECT_EQ(account.billing_account(), account_);
  EXPECT_EQ(account.version(), 1);
  EXPECT_EQ(account.order(), order.order());
  EXPECT_EQ(account.partner_of_record(), partner_);
  const auto subscription = EventOf<v1::SubscriptionEvent>("SUBSCRIPTION_CREATED");
  EXPECT_EQ(subscription.subscription(), activated.subscriptions(0));
  EXPECT_EQ(subscription.state(), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(subscription.version(), 1);
  EXPECT_EQ(subscription.order(), order.order());
  const auto invoice = EventOf<v1::InvoiceEvent>("INVOICE_OPENED");
  EXPECT_EQ(invoice.invoice(), activated.invoices(0));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(invoice.version(), 1);
  EXPECT_EQ(invoice.order(), order.order());
}

TEST_F(ActivationServiceTest, OrderThatBillsAnEarlierSubscriptionSaysSo) {
  ASSERT_OK(Activate(OrderRequest("first")));
  v1::ActivateOrderRequest later = OrderRequest("later");
  SetDay(Date(2009, 7, 1));
  *later.mutable_start_date() = rpc::ToProto(Date(2009, 7, 1));
  *later.mutable_confirm_time() = rpc::ToProto(StartOf(Date(2009, 7, 1)));
  ASSERT_OK(Activate(later));
  const auto billed = EventOf<v1::SubscriptionEvent>("SUBSCRIPTION_BILLED");
  EXPECT_EQ(billed.order(), OrderRequest("first").order());
  EXPECT_EQ(billed.version(), 2);
  EXPECT_EQ(CountRows("tranches WHERE billed_until_date = '2009-08-01'"), 2);
  ExpectBalancedBooks();
}

// Two earlier subscriptions of 256 tranches, both due that day: the billing run's part.
TEST_F(ActivationServiceTest, EarlierSubscriptionsThatOneChangeCannotHoldDoNotKeepAnOrderFromBeingActivated) {
  ASSERT_OK(Activate(OrderRequest("first")));
  ASSERT_OK(Activate(OrderRequest("second")));
  GrowTranches(256);
  v1::ActivateOrderRequest later = OrderRequest("later");
  SetDay(Date(2009, 7, 1));
  *later.mutable_start_date() = rpc::ToProto(Date(2009, 7, 1));
  *later.mutable_confirm_time() = rpc::ToProto(StartOf(Date(2009, 7, 1)));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(later));
  EXPECT_EQ(activated.parked_activation(), "");
  EXPECT_EQ(activated.invoices_size(), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_BILLED'"), 0);
  ExpectBalancedBooks();
}

TEST_F(ActivationServiceTest, KeepsPersonalDataOutOfTheEvents) {
  ASSERT_OK(Activate(OrderRequest()));
  for (const mysql::Row& row : database_->Query("SELECT payload FROM events")) {
    for (const char* personal : {"Fabrikam", "billing@fabrikam.example", "Seattle", "1 Pine Street"}) {
      EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr(personal)));
    }
  }
}

}  // namespace
}  // namespace countersign::billing
