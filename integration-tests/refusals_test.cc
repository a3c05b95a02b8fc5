// What the system refuses, each with its stable reason, and that nothing changes by it.
#include <string>

#include "absl/strings/match.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class RefusalsTest : public SuiteTest {
 protected:
  static order::v1::Order::State StateOf(const Story& story) {
    const auto order = story.GetOrder();
    return order.ok() ? order->state() : order::v1::Order::STATE_UNSPECIFIED;
  }

  static grpc::Status Suspend(const Story& story) {
    partner::v1::SuspendPartnerRequest request;
    request.set_name(story.partner);
    request.set_reason("invoices of its own unpaid");
    request.set_request_id(NewRequestId());
    partner::v1::Partner reply;
    return suite().stub<partner::v1::PartnerService>().SuspendPartner(As(kOperator).get(), request, &reply);
  }

  static grpc::Status Submit(const Story& story) {
    order::v1::SubmitOrderRequest request;
    request.set_name(story.order);
    request.set_request_id(NewRequestId());
    order::v1::SubmitOrderResponse reply;
    return suite().stub<order::v1::OrderService>().SubmitOrder(As(story.partner).get(), request, &reply);
  }

  static grpc::Status Create(const Story& story, const std::string& offer, int64_t seats, const std::string& currency,
                             order::v1::Order* made = nullptr) {
    order::v1::CreateOrderRequest request;
    request.set_parent(story.partner);
    request.mutable_order()->set_customer(story.customer);
    request.mutable_order()->set_partner_of_record(story.partner);
    request.mutable_order()->set_currency_code(currency);
    request.mutable_order()->add_lines()->set_offer(offer);
    request.mutable_order()->mutable_lines(0)->set_quantity(seats);
    request.set_request_id(NewRequestId());
    order::v1::Order reply;
    return suite().stub<order::v1::OrderService>().CreateOrder(As(story.partner).get(), request,
                                                               made == nullptr ? &reply : made);
  }

  // `identity` is whose certificate the call has.
  static grpc::Status Confirm(const order::v1::ConfirmOrderRequest& request, const std::string& identity) {
    order::v1::Order reply;
    const auto orders = order::v1::OrderService::NewStub(suite().channel(Service::kOrder, identity));
    return orders->ConfirmOrder(NewContext().get(), request, &reply);
  }
};

TEST_F(RefusalsTest, UnknownAndMangledTokensLookAlike) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("open the page").ok());
  std::string wrong_secret = story.url;
  wrong_secret.back() = wrong_secret.back() == 'A' ? 'B' : 'A';
  std::string wrong_link = story.url;
  const size_t id = wrong_link.rfind('/') + 1;
  wrong_link[id] = wrong_link[id] == '0' ? '1' : '0';
  const testing::HttpReply secret = testing::HttpGet(wrong_secret);
  const testing::HttpReply link = testing::HttpGet(wrong_link);
  EXPECT_EQ(secret.status, 404);
  EXPECT_EQ(link.status, 404);
  EXPECT_EQ(secret.body, link.body);
  EXPECT_EQ(testing::HttpPost(wrong_secret, story.ConfirmForm()).status, 404);
  EXPECT_EQ(StateOf(story), order::v1::Order::STATE_AWAITING_CONFIRMATION);
}

TEST_F(RefusalsTest, ASecondConfirmWithOtherDetailsReturnsTheFirst) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("completed").ok());
  testing::FormFields other = story.ConfirmForm();
  for (auto& [name, value] : other) {
    if (name == "company_name") value = "Somebody Else";
  }
  EXPECT_EQ(testing::HttpPost(story.url, other).status, 303);
  ASSERT_TRUE(story.AwaitCompleted().ok());
  billing::v1::GetBillingAccountRequest request;
  request.set_name(story.billing_account);
  billing::v1::BillingAccount account;
  ASSERT_TRUE(suite()
                  .stub<billing::v1::BillingAccountService>()
                  .GetBillingAccount(As(kOperator).get(), request, &account)
                  .ok());
  EXPECT_EQ(account.company_name(), "Contoso & Söhne <Ltd>");
  ProveInvariants();
}

TEST_F(RefusalsTest, ConfirmOfAnOlderRevision) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("open the page").ok());
  auto order = story.GetOrder();
  ASSERT_TRUE(order.ok());
  const order::v1::ConfirmOrderRequest stale = ConfirmRequest(*order);

  order::v1::ReviseOrderRequest revise;
  *revise.mutable_order() = *order;
  revise.mutable_order()->mutable_lines(0)->set_quantity(30);
  revise.set_request_id(NewRequestId());
  order::v1::Order revised;
  const grpc::Status status =
      suite().stub<order::v1::OrderService>().ReviseOrder(As(story.partner).get(), revise, &revised);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(revised.revision(), 2);
  EXPECT_EQ(revised.state(), order::v1::Order::STATE_DRAFT);
  EXPECT_EQ(Confirm(stale, "services/link-service").error_code(), grpc::StatusCode::FAILED_PRECONDITION);

  ASSERT_TRUE(Submit(story).ok());
  const grpc::Status refused = Confirm(stale, "services/link-service");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(ReasonOf(refused), HasSubstr("NOT_CURRENT"));
  EXPECT_EQ(StateOf(story), order::v1::Order::STATE_AWAITING_CONFIRMATION);
  ProveInvariants();
}

TEST_F(RefusalsTest, ConfirmThroughASupersededLink) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  order::v1::ReissueLinkRequest reissue;
  reissue.set_name(story.order);
  reissue.set_request_id(NewRequestId());
  order::v1::SubmitOrderResponse reissued;
  ASSERT_TRUE(suite().stub<order::v1::OrderService>().ReissueLink(As(story.partner).get(), reissue, &reissued).ok());
  EXPECT_NE(reissued.confirmation_url(), story.url);

  EXPECT_NE(testing::HttpPost(story.url, story.ConfirmForm()).status, 303);
  EXPECT_EQ(StateOf(story), order::v1::Order::STATE_AWAITING_CONFIRMATION);

  story.url = reissued.confirmation_url();
  ASSERT_TRUE(story.OpenPage().ok());
  ASSERT_TRUE(story.Confirm().ok());
  EXPECT_TRUE(story.AwaitCompleted().ok());
  ProveInvariants();
}

TEST_F(RefusalsTest, ConfirmOfAnExpiredOrder) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  for (const Service service : {Service::kOrder, Service::kLink}) {
    suite().Kill(service);
    ASSERT_TRUE(suite().StartService(service, /*days_later=*/31).ok());
  }
  const testing::HttpReply press = testing::HttpPost(story.url, story.ConfirmForm());
  EXPECT_NE(press.status, 303);
  const absl::Status expired =
      Eventually("the order is EXPIRED", [&] { return StateOf(story) == order::v1::Order::STATE_EXPIRED; });
  EXPECT_TRUE(expired.ok()) << expired;
  const absl::Status told = Eventually(
      "the page says so", [&] { return absl::StrContains(testing::HttpGet(story.url).body, "has expired"); });
  EXPECT_TRUE(told.ok()) << told;
  for (const Service service : {Service::kOrder, Service::kLink}) suite().Kill(service);
  SetUp();
  ProveInvariants();
}

TEST_F(RefusalsTest, SubmitOfASuspendedPartner) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("submit").ok());
  ASSERT_TRUE(Suspend(story).ok());
  const grpc::Status refused = Submit(story);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(refused), "PARTNER_NOT_ACTIVE");
  EXPECT_EQ(StateOf(story), order::v1::Order::STATE_DRAFT);
}

TEST_F(RefusalsTest, SubmitBeforeApprovalOrAgreement) {
  Story story(suite());
  ASSERT_TRUE(story.Enrol().ok() && story.CreateKey().ok() && story.Authorize().ok() && story.AddCustomer().ok() &&
              story.CreateOrder().ok());
  EXPECT_EQ(ReasonOf(Submit(story)), "PARTNER_NOT_ACTIVE");
  ASSERT_TRUE(story.Approve().ok());
  EXPECT_EQ(ReasonOf(Submit(story)), "AGREEMENT_NOT_ACCEPTED");
  ASSERT_TRUE(story.AcceptAgreement().ok());
  EXPECT_TRUE(Submit(story).ok());
}

TEST_F(RefusalsTest, SubmitOfAnOfferThatThePartnerMayNotSell) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("authorize").ok() && story.AddCustomer().ok() && story.CreateOrder().ok());
  const grpc::Status refused = Submit(story);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(refused), "OFFER_NOT_AUTHORIZED");
  EXPECT_EQ(StateOf(story), order::v1::Order::STATE_DRAFT);
  ASSERT_TRUE(story.Authorize().ok());
  EXPECT_TRUE(Submit(story).ok());
}

TEST_F(RefusalsTest, ConfirmAfterThePartnerWasSuspended) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  ASSERT_TRUE(Suspend(story).ok());
  // order-service hears of it by a pushed event; a confirmation committed before that would stand.
  ProveInvariants();
  const testing::HttpReply press = testing::HttpPost(story.url, story.ConfirmForm());
  EXPECT_NE(press.status, 303);
  EXPECT_THAT(press.body, HasSubstr("Fabrikam Consulting"));
  EXPECT_NE(StateOf(story), order::v1::Order::STATE_CONFIRMED);
}

TEST_F(RefusalsTest, ASuspendedPartnersWaitingOrdersAreWithdrawnAndStaySo) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  order::v1::Order draft;
  ASSERT_TRUE(Create(story, story.offer, 25, "USD", &draft).ok());
  const testing::FormFields form = story.ConfirmForm();
  ASSERT_TRUE(Suspend(story).ok());
  const absl::Status withdrawn =
      Eventually("the order is CANCELLED", [&] { return StateOf(story) == order::v1::Order::STATE_CANCELLED; });
  ASSERT_TRUE(withdrawn.ok()) << withdrawn;
  EXPECT_EQ(story.GetOrder()->state_reason(), "The partner was suspended: invoices of its own unpaid");
  ProveInvariants();  // Every log is delivered, so the link knows.
  const auto expect_withdrawn = [&](const testing::HttpReply& page) {
    EXPECT_THAT(page.body, HasSubstr("This order was withdrawn"));
    EXPECT_THAT(page.body, HasSubstr("please ask <strong><bdi>Fabrikam Consulting"));
    EXPECT_THAT(page.body, Not(HasSubstr("uspended")));
    EXPECT_THAT(page.body, Not(HasSubstr("unpaid")));
  };
  expect_withdrawn(testing::HttpGet(story.url));

  partner::v1::ReinstatePartnerRequest reinstate;
  reinstate.set_name(story.partner);
  reinstate.set_reason("paid");
  reinstate.set_request_id(NewRequestId());
  partner::v1::Partner reply;
  ASSERT_TRUE(
      suite().stub<partner::v1::PartnerService>().ReinstatePartner(As(kOperator).get(), reinstate, &reply).ok());
  ProveInvariants();
  const testing::HttpReply press = testing::HttpPost(story.url, form);
  EXPECT_EQ(press.status, 409);
  expect_withdrawn(press);
  EXPECT_EQ(StateOf(story), order::v1::Order::STATE_CANCELLED);

  Story again(suite());  // The draft stayed a draft, and can be submitted.
  again.partner = story.partner;
  again.customer = story.customer;
  again.order = draft.name();
  EXPECT_EQ(StateOf(again), order::v1::Order::STATE_DRAFT);
  ASSERT_TRUE(again.Submit().ok() && again.OpenPage().ok() && again.Confirm().ok());
  EXPECT_TRUE(again.AwaitCompleted().ok());
  ProveInvariants();
}

TEST_F(RefusalsTest, AnOrderBelowTheMinimumOfSeats) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("order").ok());
  const grpc::Status refused = Create(story, story.offer, 4, "USD");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(ViolatedFieldsOf(refused), Contains("order.lines[0].quantity"));
  EXPECT_THAT(refused.error_message(), HasSubstr("5"));
  EXPECT_TRUE(Create(story, story.offer, 5, "USD").ok());
}

TEST_F(RefusalsTest, AnUnknownOffer) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("order").ok());
  const grpc::Status refused = Create(story, "offers/no-such-thing", 25, "USD");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(ViolatedFieldsOf(refused), Contains("order.lines[0].offer"));
}

TEST_F(RefusalsTest, ACurrencyThatTheOfferHasNoPriceIn) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("order").ok());
  const grpc::Status refused = Create(story, story.offer, 25, "CHF");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Create(story, story.offer, 25, "XXX").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RefusalsTest, AReceiptInAnotherCurrency) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("pay").ok());
  billing::v1::CreateBankReceiptRequest request;
  billing::v1::BankReceipt& receipt = *request.mutable_bank_receipt();
  receipt.set_external_reference("BANK-EUR-" + NewRequestId());
  receipt.mutable_amount()->set_currency_code("EUR");
  receipt.mutable_amount()->set_units(375);
  receipt.mutable_value_date()->set_year(2009);
  receipt.mutable_value_date()->set_month(6);
  receipt.mutable_value_date()->set_day(2);
  receipt.set_billing_account(story.billing_account);
  request.set_request_id(NewRequestId());
  billing::v1::BankReceipt reply;
  const grpc::Status refused =
      suite().stub<billing::v1::BankReceiptService>().CreateBankReceipt(As(kOperator).get(), request, &reply);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(refused), "CURRENCY_MISMATCH");
}

TEST_F(RefusalsTest, OnlyLinkServiceConfirmsAndNobodySeesAnotherPartnersOrder) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  const auto order = story.GetOrder();
  ASSERT_TRUE(order.ok());
  const order::v1::ConfirmOrderRequest confirm = ConfirmRequest(*order);
  order::v1::Order reply;
  EXPECT_EQ(suite().stub<order::v1::OrderService>().ConfirmOrder(As(story.partner).get(), confirm, &reply).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Confirm(confirm, kOperator).error_code(), grpc::StatusCode::PERMISSION_DENIED);

  Story other(suite());
  ASSERT_TRUE(other.RunUntil("accept the agreement").ok());
  order::v1::GetOrderRequest get;
  get.set_name(story.order);
  EXPECT_EQ(suite().stub<order::v1::OrderService>().GetOrder(As(other.partner).get(), get, &reply).error_code(),
            grpc::StatusCode::NOT_FOUND);
  const auto nobody = order::v1::OrderService::NewStub(suite().channel(Service::kOrder, ""));
  EXPECT_EQ(nobody->GetOrder(NewContext().get(), get, &reply).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(RefusalsTest, ARequestIdUsedForAnotherRequest) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("customer").ok());
  partner::v1::CreateCustomerRequest request;
  request.set_parent(story.partner);
  request.mutable_customer()->set_display_name("Contoso");
  request.set_request_id(NewRequestId());
  partner::v1::Customer first;
  partner::v1::Customer again;
  ASSERT_TRUE(
      suite().stub<partner::v1::CustomerService>().CreateCustomer(As(story.partner).get(), request, &first).ok());
  ASSERT_TRUE(
      suite().stub<partner::v1::CustomerService>().CreateCustomer(As(story.partner).get(), request, &again).ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  request.mutable_customer()->set_display_name("Northwind");
  const grpc::Status refused =
      suite().stub<partner::v1::CustomerService>().CreateCustomer(As(story.partner).get(), request, &again);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(refused), "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace countersign::integration
