// Purchase-order numbers: required, one invoice for each, and whose they are.
#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::NewRequestId;
using ::testing::ElementsAre;

class PurchaseOrderTest : public ApiTest {
 protected:
  v1::SetPurchaseOrderRulesRequest RulesRequest(bool required, bool split) const {
    v1::SetPurchaseOrderRulesRequest request;
    request.set_name(account_);
    request.mutable_purchase_order_rules()->set_po_required(required);
    request.mutable_purchase_order_rules()->set_split_by_po(split);
    request.set_reason("the customer asked");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::BillingAccount> SetRules(const v1::SetPurchaseOrderRulesRequest& request) {
    return Call(&v1::BillingAccountService::Stub::SetPurchaseOrderRules, request);
  }

  static v1::SetPurchaseOrderNumberRequest NumberRequest(const std::string& subscription, const std::string& number,
                                                         int64_t tranche = 0) {
    v1::SetPurchaseOrderNumberRequest request;
    request.set_name(subscription);
    request.set_purchase_order_number(number);
    request.set_tranche(tranche);
    request.set_reason("the customer wrote");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::Subscription> SetNumber(const v1::SetPurchaseOrderNumberRequest& request) {
    return Call(&v1::SubscriptionService::Stub::SetPurchaseOrderNumber, request);
  }

  // Order `order` without a purchase-order number.
  v1::ActivateOrderRequest UnnumberedRequest(absl::string_view order) const {
    v1::ActivateOrderRequest request = OrderRequest(order);
    request.clear_purchase_order_number();
    return request;
  }

  // Ten seats more of the subscription, confirmed today.
  v1::ActivateOrderRequest AddRequest(const std::string& subscription, const std::string& number) {
    v1::ActivateOrderRequest request = OrderRequest(number + "add");
    request.set_kind(v1::ActivateOrderRequest::KIND_CHANGE_SEATS);
    request.clear_lines();
    request.clear_billing_period_months();
    request.clear_term_months();
    v1::ActivateOrderRequest::Line& line = *request.add_lines();
    line.set_subscription(subscription);
    line.set_seats_to_add(10);
    line.mutable_unit_price()->set_currency_code("USD");
    line.mutable_unit_price()->set_units(15);
    *request.mutable_start_date() = rpc::ToProto(DateOf(clock_.Now()));
    *request.mutable_confirm_time() = rpc::ToProto(clock_.Now());
    request.set_purchase_order_number(number);
    return request;
  }

  v1::RetryActivationRequest RetryRequest(const std::string& parked, const std::string& number) const {
    v1::RetryActivationRequest request;
    request.set_name(parked);
    request.set_start(v1::RetryActivationRequest::START_KEEP);
    request.set_purchase_order_number(number);
    request.set_reason("the customer gave the number");
    request.set_request_id(NewRequestId());
    return request;
  }

  static std::vector<std::string> NumbersOf(const v1::Invoice& invoice) {
    std::vector<std::string> numbers;
    for (const v1::Invoice::Line& line : invoice.lines()) numbers.push_back(line.purchase_order_number());
    return numbers;
  }
};

TEST_F(PurchaseOrderTest, OperatorsSetWhatAnAccountAsksOfNumbers) {
  EXPECT_THAT(SetRules(RulesRequest(true, true)), HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  ASSERT_OK(Activate(OrderRequest()));
  v1::SetPurchaseOrderRulesRequest request = RulesRequest(true, false);
  request.clear_purchase_order_rules();
  request.clear_reason();
  ExpectViolations(SetRules(request).status(), {"purchase_order_rules", "reason"});
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount account, SetRules(RulesRequest(true, true)));
  EXPECT_TRUE(account.purchase_order_rules().po_required());
  EXPECT_TRUE(account.purchase_order_rules().split_by_po());
  EXPECT_EQ(CountRows("billing_accounts WHERE po_required_sequence = 2 AND split_by_po_sequence = 2"), 1);
  v1::SetPurchaseOrderRulesRequest stale = RulesRequest(true, false);
  stale.set_etag("1");
  EXPECT_THAT(SetRules(stale), HasReason("ETAG_MISMATCH"));
  stale.set_etag(account.etag());
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount again, SetRules(stale));
  EXPECT_FALSE(again.purchase_order_rules().split_by_po());
  EXPECT_EQ(CountRows("billing_accounts WHERE po_required_sequence = 2 AND split_by_po_sequence = 0"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'PURCHASE_ORDER_RULES_SET' AND reason = 'the customer asked'"), 2);
}

TEST_F(PurchaseOrderTest, OrderWithoutARequiredNumberWaitsUntilTheCustomerGaveIt) {
  ASSERT_OK(Activate(OrderRequest()));
  ASSERT_OK(SetRules(RulesRequest(true, false)));
  v1::ActivateOrderRequest asks = UnnumberedRequest("second");
  asks.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(v1::ActivateOrderResponse asked, Activate(asks));  // The customer is still to be asked.
  EXPECT_TRUE(asked.purchase_order_rules().po_required());
  EXPECT_TRUE(asked.purchase_order_missing());
  asks.set_purchase_order_number("PO-2");
  asks.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(asked, Activate(asks));
  EXPECT_TRUE(asked.purchase_order_rules().po_required());
  EXPECT_FALSE(asked.purchase_order_missing());
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse parked, Activate(UnnumberedRequest("second")));
  EXPECT_EQ(CountRows("parked_activations WHERE reason = 'PO_REQUIRED' AND state = 'PARKED'"), 1);
  EXPECT_EQ(CountRows("subscriptions"), 1);
  EXPECT_THAT(Call(&v1::ParkedActivationService::Stub::RetryActivation, RetryRequest(parked.parked_activation(), "")),
              HasReason("PO_REQUIRED"));
  ExpectViolations(Call(&v1::ParkedActivationService::Stub::RetryActivation,
                        RetryRequest(parked.parked_activation(), std::string(65, '1')))
                       .status(),
                   {"purchase_order_number"});
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation retried, Call(&v1::ParkedActivationService::Stub::RetryActivation,
                                                                RetryRequest(parked.parked_activation(), "PO-2")));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(retried.invoices(0)));
  EXPECT_THAT(NumbersOf(invoice), ElementsAre("PO-2"));
  EXPECT_EQ(invoice.purchase_order_number(), "PO-2");
}

TEST_F(PurchaseOrderTest, WhatElseLacksANumberKeepsNoOrderFromBeingActivated) {
  ASSERT_OK(Activate(UnnumberedRequest("first")));
  ASSERT_OK(SetRules(RulesRequest(true, false)));
  SetDay(Date(2009, 7, 1));
  v1::ActivateOrderRequest second = OrderRequest("second");
  *second.mutable_start_date() = rpc::ToProto(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(second));
  ASSERT_EQ(activated.invoices_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_THAT(NumbersOf(invoice), ElementsAre("PO-4711"));
}

TEST_F(PurchaseOrderTest, NumberOfAddedSeatsIsThatOfTheirOwnLines) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(OrderRequest()));
  SetDay(Date(2009, 6, 11));
  ASSERT_OK(Activate(AddRequest(first.subscriptions(0), "PO-10")));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(first.subscriptions(0)));
  EXPECT_EQ(subscription.purchase_order_number(), "PO-4711");
  EXPECT_EQ(subscription.tranches(0).purchase_order_number(), "PO-4711");
  EXPECT_EQ(subscription.tranches(1).purchase_order_number(), "PO-10");
  SetDay(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse next, Activate(AddRequest(first.subscriptions(0), "PO-11")));
  ASSERT_EQ(next.invoices_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(next.invoices(0)));
  EXPECT_THAT(NumbersOf(invoice), ElementsAre("PO-4711", "PO-10", "PO-10", "PO-11"));
  EXPECT_EQ(invoice.purchase_order_number(), "") << "the lines' differ";
  for (const std::string number : {"PO-4711", "PO-10", "PO-12"}) {
    v1::SearchBillingAccountsRequest by;
    by.set_purchase_order_number(number);
    ASSERT_OK_AND_ASSIGN(const v1::SearchBillingAccountsResponse found,
                         Call(&v1::BillingAccountService::Stub::SearchBillingAccounts, by));
    EXPECT_EQ(found.billing_accounts_size(), number == "PO-12" ? 0 : 1) << number;
  }
}

TEST_F(PurchaseOrderTest, EachNumberHasAnInvoiceOfItsOwn) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(OrderRequest()));
  ASSERT_OK(SetRules(RulesRequest(false, true)));
  SetDay(Date(2009, 6, 11));
  ASSERT_OK(Activate(AddRequest(first.subscriptions(0), "PO-10")));
  SetDay(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse next, Activate(AddRequest(first.subscriptions(0), "PO-11")));
  ASSERT_EQ(next.invoices_size(), 3);
  const std::vector<std::string> numbers = {"PO-4711", "PO-10", "PO-11"};
  const std::vector<int64_t> totals = {375, 250, 150};
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(next.invoices(i)));
    EXPECT_EQ(invoice.purchase_order_number(), numbers[i]);
    EXPECT_EQ(invoice.total().units(), totals[i]) << "10 × 15.00 × 20/30 = 100.00, and the month's 150.00";
  }
  ExpectBalancedBooks();
}

TEST_F(PurchaseOrderTest, OperatorsSetTheNumberOfASubscriptionAndOfATranche) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(OrderRequest()));
  const std::string& name = first.subscriptions(0);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription changed, SetNumber(NumberRequest(name, "PO-2")));
  EXPECT_EQ(changed.purchase_order_number(), "PO-2");
  EXPECT_EQ(changed.tranches(0).purchase_order_number(), "PO-2");
  ASSERT_OK_AND_ASSIGN(const v1::Subscription own, SetNumber(NumberRequest(name, "PO-3", 1)));
  EXPECT_EQ(own.purchase_order_number(), "PO-2");
  EXPECT_EQ(own.tranches(0).purchase_order_number(), "PO-3");
  ASSERT_OK_AND_ASSIGN(const v1::Subscription read, GetSubscription(name));
  EXPECT_EQ(read.SerializeAsString(), own.SerializeAsString());
  ExpectViolations(SetNumber(NumberRequest(name, "PO-3", 2)).status(), {"tranche"});
  ExpectViolations(SetNumber(NumberRequest(name, std::string(65, '1'), -1)).status(),
                   {"tranche", "purchase_order_number"});
  v1::SetPurchaseOrderNumberRequest stale = NumberRequest(name, "PO-4");
  stale.set_etag("1");
  EXPECT_THAT(SetNumber(stale), HasReason("ETAG_MISMATCH"));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(first.invoices(0)));
  EXPECT_THAT(NumbersOf(invoice), ElementsAre("PO-4711")) << "an invoice never changes";
}

}  // namespace
}  // namespace countersign::billing
