// The order kinds that change a subscription, through ActivateOrder.
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using Request = v1::ActivateOrderRequest;

class OrderKindsTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest());
    ASSERT_OK(activated);
    subscription_ = activated->subscriptions(0);
  }

  // An order of another kind about the subscription, confirmed today.
  Request ChangeRequest(Request::Kind kind, absl::string_view order = "change") {
    Request request = OrderRequest(order);
    request.set_kind(kind);
    request.clear_lines();
    request.clear_billing_period_months();
    request.clear_term_months();
    request.add_lines()->set_subscription(subscription_);
    *request.mutable_start_date() = rpc::ToProto(DateOf(clock_.Now()));
    *request.mutable_confirm_time() = rpc::ToProto(clock_.Now());
    return request;
  }
  Request AddRequest(int64_t seats, int64_t units, absl::string_view order = "add") {
    Request request = ChangeRequest(Request::KIND_CHANGE_SEATS, order);
    request.mutable_lines(0)->set_seats_to_add(seats);
    request.mutable_lines(0)->mutable_unit_price()->set_currency_code("USD");
    request.mutable_lines(0)->mutable_unit_price()->set_units(units);
    return request;
  }

  // To the cent, before tax.
  static void ExpectOutlook(const v1::ActivateOrderResponse& checked, const std::string& first,
                            const std::string& commitment, const std::string& fee) {
    const auto text = [](const google::type::Money& money) {
      return absl::StrFormat("%d.%02d", money.units(), money.nanos() / 10'000'000);
    };
    ASSERT_EQ(checked.outlook().first_invoices_size(), 1);
    const v1::Invoice& invoice = checked.outlook().first_invoices(0);
    EXPECT_EQ(text(invoice.net()), first);
    EXPECT_EQ(invoice.name(), "");
    EXPECT_EQ(text(checked.outlook().commitment()), commitment);
    EXPECT_EQ(text(checked.outlook().fee()), fee);
  }

  std::string subscription_;
};

TEST_F(OrderKindsTest, AddedSeatsAreATrancheOfTheSubscription) {
  SetDay(Date(2009, 6, 11));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse added, Activate(AddRequest(10, 15)));
  EXPECT_EQ(added.subscriptions(0), subscription_);
  EXPECT_EQ(added.invoices_size(), 0) << "charged with the next invoice";
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(subscription_));
  EXPECT_EQ(subscription.quantity(), 35);
  EXPECT_EQ(subscription.tranches(1).quantity(), 10);
  EXPECT_EQ(subscription.tranches(1).start_date().day(), 11);
  EXPECT_EQ(subscription.order(), OrderRequest().order());
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse again, Activate(AddRequest(10, 15)));
  EXPECT_EQ(again.SerializeAsString(), added.SerializeAsString());
  EXPECT_EQ(CountRows("tranches"), 2);
  SetDay(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse next, Activate(AddRequest(1, 15, "next")));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(next.invoices(0)));
  ASSERT_EQ(invoice.lines_size(), 4);
  EXPECT_EQ(invoice.lines(1).net().units(), 100) << "10 × 15.00 × 20/30";
}

TEST_F(OrderKindsTest, LastConfirmedTargetWins) {
  for (const int64_t target : {30, 20}) {
    Request request = ChangeRequest(Request::KIND_CHANGE_SEATS, absl::StrCat("target", target));
    request.mutable_lines(0)->set_renewal_quantity(target);
    ASSERT_OK(Activate(request));
  }
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(subscription_));
  EXPECT_EQ(subscription.quantity(), 25);
  EXPECT_EQ(subscription.renewal().quantity(), 20);
  EXPECT_FALSE(subscription.renewal().has_unit_price());
}

TEST_F(OrderKindsTest, RenewalIsPlannedAtTheConfirmedPrice) {
  Request request = ChangeRequest(Request::KIND_RENEW);
  request.mutable_lines(0)->set_renewal_quantity(30);
  request.mutable_lines(0)->mutable_unit_price()->set_currency_code("USD");
  request.mutable_lines(0)->mutable_unit_price()->set_units(10);
  request.mutable_lines(0)->set_price("offers/bpos-standard-suite/prices/usd-2");
  ASSERT_OK(Activate(request));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(subscription_));
  EXPECT_EQ(subscription.renewal().quantity(), 30);
  EXPECT_EQ(subscription.renewal().unit_price().units(), 10);
  EXPECT_EQ(subscription.renewal().price(), "offers/bpos-standard-suite/prices/usd-2");
  EXPECT_EQ(subscription.renewal().source(), v1::Subscription::Renewal::SOURCE_ORDER);
}

TEST_F(OrderKindsTest, NewPartnerIsOfRecordFromTheNextMonthlyDay) {
  SetDay(Date(2009, 8, 15));
  Request request = ChangeRequest(Request::KIND_CHANGE_PARTNER);
  const std::string other = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
  request.set_partner_of_record(other);
  v1::CreateTransferCodeRequest code;
  code.set_parent(subscription_);
  code.set_transfer_code_id(kId);
  code.set_request_id(testing::NewRequestId());
  ASSERT_OK(Call(&v1::TransferCodeService::Stub::CreateTransferCode, code));
  request.mutable_lines(0)->set_transfer_code(absl::StrCat(account_, "/transferCodes/", kId));
  ASSERT_OK(Activate(request));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(subscription_));
  ASSERT_EQ(subscription.partner_assignments_size(), 2);
  EXPECT_EQ(subscription.partner_assignments(0).partner(), partner_);
  EXPECT_EQ(subscription.partner_assignments(1).partner(), other);
  EXPECT_EQ(subscription.partner_assignments(1).start_date().month(), 9);
  EXPECT_EQ(subscription.partner_assignments(1).start_date().day(), 1);
}

TEST_F(OrderKindsTest, OutlookOfANewOrderIsItsTermWithTax) {
  Request request = OrderRequest("new");
  request.set_billing_account("billingAccounts/0190a5b2-7c3d-7e4f-8a6b-0123456789cd");
  request.set_validate_only(true);
  request.set_with_outlook(true);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse today, Activate(request));
  ExpectOutlook(today, "375.00", "4500.00", "540.00");
  *request.mutable_start_date() = rpc::ToProto(Date(2009, 8, 15));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse later, Activate(request));
  ExpectOutlook(later, "375.00", "4500.00", "540.00");
  EXPECT_EQ(later.outlook().first_invoices(0).issue_date().month(), 8);
  EXPECT_EQ(later.outlook().first_invoices(0).due_date().month(), 9);
  request.clear_start_date();
  request.set_billing_period_months(12);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse annual, Activate(request));
  ExpectOutlook(annual, "4500.00", "4500.00", "540.00");
  request.set_billing_period_months(1);
  request.mutable_lines(0)->set_trial_days(30);
  Request::Line& other = *request.add_lines() = request.lines(0);
  other.set_offer("offers/sharepoint-online");
  other.set_trial_days(0);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse trial, Activate(request));
  ASSERT_EQ(trial.outlook().first_invoices_size(), 2);
  EXPECT_EQ(trial.outlook().first_invoices(1).lines(0).service_start_date().month(), 7);
  EXPECT_EQ(trial.outlook().commitment().units(), 9000);
  EXPECT_EQ(trial.outlook().fee().units(), 1080);
  EXPECT_EQ(CountRows("subscriptions"), 1) << "nothing was written";
}

TEST_F(OrderKindsTest, OutlookOfAddedSeatsIsWhatIsLeftOfTheTerm) {
  SetDay(Date(2009, 6, 11));
  Request request = AddRequest(10, 15);
  request.set_validate_only(true);
  request.set_with_outlook(true);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse added, Activate(request));
  // 10 × 15.00 × 20/30 = 100.00 and July's 150.00 on the invoice of 07-01; then ten months more.
  ExpectOutlook(added, "250.00", "1750.00", "210.00");
  EXPECT_EQ(added.outlook().first_invoices(0).issue_date().month(), 7);
  EXPECT_EQ(added.outlook().first_invoices(0).lines_size(), 2) << "the order's alone";
}

TEST_F(OrderKindsTest, OutlookOfARenewalIsTheNextTermAtTheLaterRate) {
  Request request = ChangeRequest(Request::KIND_RENEW);
  request.mutable_lines(0)->set_renewal_quantity(25);
  request.mutable_lines(0)->mutable_unit_price()->set_currency_code("USD");
  request.mutable_lines(0)->mutable_unit_price()->set_units(10);
  request.set_validate_only(true);
  request.set_with_outlook(true);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse renewed, Activate(request));
  ExpectOutlook(renewed, "250.00", "3000.00", "180.00");
  EXPECT_EQ(renewed.outlook().first_invoices(0).issue_date().year(), 2010);
  EXPECT_EQ(renewed.outlook().first_invoices(0).issue_date().month(), 6);
}

TEST_F(OrderKindsTest, SeatsFromTheRenewalOnHaveNoOutlook) {
  Request request = ChangeRequest(Request::KIND_CHANGE_SEATS);
  request.mutable_lines(0)->set_renewal_quantity(30);
  request.set_validate_only(true);
  request.set_with_outlook(true);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse target, Activate(request));
  EXPECT_TRUE(target.billing_account_exists());
  EXPECT_FALSE(target.has_outlook());
}

TEST_F(OrderKindsTest, ValidateOnlyRefusesWhatCouldNotBeActivated) {
  Request request = AddRequest(10, 15);
  request.set_validate_only(true);
  EXPECT_OK(Activate(request));
  request.set_partner_of_record(absl::StrCat("partners/", kId));
  EXPECT_THAT(Activate(request), HasReason("NOT_PARTNER_OF_RECORD"));
  request.set_partner_of_record(partner_);
  request.mutable_lines(0)->set_subscription(absl::StrCat(account_, "/subscriptions/", kId));
  EXPECT_THAT(Activate(request), HasReason("SUBSCRIPTION_NOT_FOUND"));
  EXPECT_EQ(CountRows("tranches"), 1);
}

TEST_F(OrderKindsTest, RefusedOrderIsParked) {
  Request request = AddRequest(10, 15);
  request.set_partner_of_record(absl::StrCat("partners/", kId));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse parked, Activate(request));
  EXPECT_NE(parked.parked_activation(), "");
  EXPECT_EQ(CountRows("parked_activations WHERE reason = 'NOT_PARTNER_OF_RECORD'"), 1);
  EXPECT_EQ(CountRows("tranches"), 1);
}

}  // namespace
}  // namespace countersign::billing
