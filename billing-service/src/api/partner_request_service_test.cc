// The change of partner that the customer starts alone, through the real server.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/billing/v1/partner_of_record_service.grpc.pb.h"
#include "countersign/billing/v1/partner_request.pb.h"
#include "countersign/billing/v1/partner_request_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PartnerRequestServiceTest : public ApiTest {
 protected:
  using Stub = v1::PartnerRequestService::Stub;
  using Request = v1::PartnerRequest;
  static constexpr char kPage[] = "services/link-service";

  void SetUp() override {
    ApiTest::SetUp();
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest());
    ASSERT_OK(activated);
    subscription_ = activated->subscriptions(0);
    payees_.numbers = {{"B-1", b_}, {"C-1", c_}, {"A-1", partner_}};
    payees_.display_names = {{b_, "Partner B"}, {c_, "Partner C"}};
  }

  v1::CreatePartnerRequestRequest CreateRequest(const std::string& number) const {
    v1::CreatePartnerRequestRequest request;
    request.set_parent(subscription_);
    request.set_partner_number(number);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<Request> Create(const std::string& number) {
    return Call(&Stub::CreatePartnerRequest, CreateRequest(number), kPage);
  }
  Request Asked(const std::string& number = "B-1") {
    const absl::StatusOr<Request> request = Create(number);
    EXPECT_OK(request);
    return request.value_or(Request());
  }
  absl::StatusOr<Request> Get(const std::string& name) {
    v1::GetPartnerRequestRequest request;
    request.set_name(name);
    return Call(&Stub::GetPartnerRequest, request);
  }
  Request::State StateOf(const Request& request) {
    const absl::StatusOr<Request> read = Get(request.name());
    EXPECT_OK(read);
    return read.ok() ? read->state() : Request::STATE_UNSPECIFIED;
  }

  // As the partner itself reads them, one on a page.
  std::vector<v1::ReceivedPartnerRequest> Received(const std::string& partner) {
    v1::ListReceivedPartnerRequestsRequest request;
    request.set_parent(partner);
    request.set_page_size(1);
    std::vector<v1::ReceivedPartnerRequest> all;
    do {
      const auto page = Call(&Stub::ListReceivedPartnerRequests, request, partner);
      EXPECT_OK(page);
      if (!page.ok()) return all;
      all.insert(all.end(), page->received_partner_requests().begin(), page->received_partner_requests().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  static v1::AcceptPartnerRequestRequest AcceptRequest(const std::string& partner, const Request& asked) {
    v1::AcceptPartnerRequestRequest request;
    request.set_partner(partner);
    request.set_partner_request(asked.name());
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::ReceivedPartnerRequest> Accept(const std::string& partner, const Request& asked) {
    return Call(&Stub::AcceptPartnerRequest, AcceptRequest(partner, asked), partner);
  }
  static v1::DeclinePartnerRequestRequest DeclineRequest(const std::string& partner, const Request& asked) {
    v1::DeclinePartnerRequestRequest request;
    request.set_partner(partner);
    request.set_partner_request(asked.name());
    request.set_request_id(NewRequestId());
    return request;
  }

  std::vector<v1::PartnerSubscription> SubscriptionsOf(const std::string& partner) {
    v1::ListPartnerSubscriptionsRequest request;
    request.set_parent(partner);
    const auto page = Call(&v1::PartnerOfRecordService::Stub::ListPartnerSubscriptions, request, partner);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    return {page->partner_subscriptions().begin(), page->partner_subscriptions().end()};
  }

  // Everything that is due is billed, and `units` and `cents` arrive, which pay it.
  void BillAndPay(Date date, int64_t units, int32_t cents, const std::string& reference) {
    SetDay(date);
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "billing") continue;
      for (int bucket = 0; bucket < events::kBuckets; ++bucket) ASSERT_OK(task.run(bucket, testing::TestDeadline()));
    }
    v1::CreateBankReceiptRequest receipt = ReceiptRequest(units, reference);
    receipt.mutable_bank_receipt()->mutable_amount()->set_nanos(cents * 10'000'000);
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, receipt));
    Drain();
    EXPECT_EQ(CountRows("invoices WHERE state <> 'PAID'"), 0);
  }

  // The partner's fees of service periods that begin on the day, in cents, the smallest first.
  std::vector<int64_t> FeesOf(const std::string& partner, Date from) {
    v1::ListFeesRequest request;
    request.set_parent(partner);
    const auto page = Call(&v1::FeeService::Stub::ListFees, request, partner);
    EXPECT_OK(page);
    std::vector<int64_t> cents;
    if (!page.ok()) return cents;
    for (const v1::Fee& fee : page->fees()) {
      if (rpc::FromProto(fee.service_start_date()).value_or(Date()) != from) continue;
      cents.push_back(fee.amount().units() * 100 + fee.amount().nanos() / 10'000'000);
    }
    std::sort(cents.begin(), cents.end());
    return cents;
  }

  std::string subscription_;
  const std::string b_ = absl::StrCat("partners/", Uuid::Derived({"B"}).ToString());
  const std::string c_ = absl::StrCat("partners/", Uuid::Derived({"C"}).ToString());
};

TEST_F(PartnerRequestServiceTest, ThePartnerThatWasAskedReadsCompanyOfferAndSeatsAndNobodyElseReadsAnything) {
  v1::CreatePartnerRequestRequest dry = CreateRequest("B-1");
  dry.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const Request shown, Call(&Stub::CreatePartnerRequest, dry, kPage));
  EXPECT_EQ(shown.partner_display_name(), "Partner B");
  EXPECT_EQ(CountRows("partner_requests"), 0);
  const Request asked = Asked();
  EXPECT_EQ(asked.state(), Request::STATE_WAITING);
  EXPECT_EQ(asked.partner(), b_);
  EXPECT_EQ(asked.old_partner(), partner_);
  const std::vector<v1::ReceivedPartnerRequest> received = Received(b_);
  ASSERT_THAT(received, SizeIs(1));
  EXPECT_EQ(received[0].name(), asked.name());
  EXPECT_EQ(received[0].company_name(), "Fabrikam, Inc.");
  EXPECT_EQ(received[0].offer_title(), "BPOS Standard Suite");
  EXPECT_EQ(received[0].quantity(), 25);
  EXPECT_THAT(Received(partner_), IsEmpty()) << "the old partner learns nothing";
  EXPECT_THAT(Received(c_), IsEmpty());
  EXPECT_THAT(SubscriptionsOf(b_), IsEmpty());
  EXPECT_FALSE(SubscriptionsOf(partner_)[0].has_of_record_until_date());
  v1::ListReceivedPartnerRequestsRequest others;
  others.set_parent(b_);
  EXPECT_THAT(Call(&Stub::ListReceivedPartnerRequests, others, c_), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Accept(c_, asked), HasReason("PARTNER_REQUEST_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::AcceptPartnerRequest, AcceptRequest(b_, asked), c_), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(EventOf<v1::PartnerRequestEvent>("PARTNER_REQUEST_CREATED").partner(), b_);
}

TEST_F(PartnerRequestServiceTest, AcceptedInMarchTheNewPartnerEarnsFromAprilOn) {
  BillAndPay(Date(2010, 3, 1), 3750, 0, "BANK-1");
  SetDay(Date(2010, 3, 15));
  const Request asked = Asked();
  v1::AcceptPartnerRequestRequest accept = AcceptRequest(b_, asked);
  accept.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::ReceivedPartnerRequest dry, Call(&Stub::AcceptPartnerRequest, accept, b_));
  EXPECT_EQ(CountRows("partner_assignments"), 1);
  accept.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ReceivedPartnerRequest accepted, Call(&Stub::AcceptPartnerRequest, accept, b_));
  EXPECT_EQ(accepted.SerializeAsString(), dry.SerializeAsString());
  EXPECT_EQ(accepted.state(), Request::STATE_ACCEPTED);
  EXPECT_EQ(accepted.effective_date().month(), 4);
  EXPECT_EQ(accepted.effective_date().day(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::ReceivedPartnerRequest again, Call(&Stub::AcceptPartnerRequest, accept, b_));
  EXPECT_EQ(again.SerializeAsString(), accepted.SerializeAsString());
  EXPECT_THAT(Received(b_), IsEmpty());
  EXPECT_EQ(SubscriptionsOf(partner_)[0].of_record_until_date().month(), 4) << "the old partner learns it now";
  EXPECT_EQ(EventOf<v1::SubscriptionEvent>("SUBSCRIPTION_PARTNER_CHANGED").state(), v1::Subscription::STATE_ACTIVE);

  SetDay(Date(2010, 3, 20));
  v1::ActivateOrderRequest add = OrderRequest("add");
  add.set_kind(v1::ActivateOrderRequest::KIND_CHANGE_SEATS);
  add.clear_lines();
  add.clear_billing_period_months();
  add.clear_term_months();
  v1::ActivateOrderRequest::Line& line = *add.add_lines();
  line.set_subscription(subscription_);
  line.set_seats_to_add(10);
  line.mutable_unit_price()->set_currency_code("USD");
  line.mutable_unit_price()->set_units(10);
  *add.mutable_start_date() = rpc::ToProto(Date(2010, 3, 20));
  *add.mutable_confirm_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK(Activate(add));
  BillAndPay(Date(2010, 4, 1), 513, 71, "BANK-2");

  EXPECT_THAT(FeesOf(partner_, Date(2010, 3, 1)), ::testing::ElementsAre(45'00));
  EXPECT_THAT(FeesOf(partner_, Date(2010, 3, 20)), ::testing::ElementsAre(4'65)) << "38.71 × 12 %";
  EXPECT_THAT(FeesOf(partner_, Date(2010, 4, 1)), IsEmpty());
  EXPECT_THAT(FeesOf(b_, Date(2010, 4, 1)), ::testing::ElementsAre(12'00, 45'00));
  EXPECT_THAT(FeesOf(b_, Date(2010, 3, 20)), IsEmpty());
  ASSERT_THAT(SubscriptionsOf(b_), SizeIs(1));
  EXPECT_EQ(SubscriptionsOf(b_)[0].quantity(), 35);
  EXPECT_EQ(CountRows("billing_accounts"), 1) << "the account came along";
  ExpectBalancedBooks();
}

TEST_F(PartnerRequestServiceTest, DeclinedNothingChangesAndTheCustomerMayAskAgain) {
  const Request asked = Asked();
  v1::DeclinePartnerRequestRequest decline = DeclineRequest(b_, asked);
  decline.set_validate_only(true);
  ASSERT_OK(Call(&Stub::DeclinePartnerRequest, decline, b_));
  EXPECT_EQ(StateOf(asked), Request::STATE_WAITING);
  decline.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ReceivedPartnerRequest declined, Call(&Stub::DeclinePartnerRequest, decline, b_));
  EXPECT_EQ(declined.state(), Request::STATE_DECLINED);
  EXPECT_EQ(CountRows("partner_assignments"), 1);
  EXPECT_THAT(Received(b_), IsEmpty());
  EXPECT_THAT(Accept(b_, asked), HasReason("PARTNER_REQUEST_STATE"));
  const Request second = Asked();
  EXPECT_NE(second.name(), asked.name());
  ASSERT_OK(Accept(b_, second));
}

TEST_F(PartnerRequestServiceTest, ANumberThatTakesNobodyOverTellsNothingOfItsPartner) {
  EXPECT_THAT(Create("NOBODY"), HasReason("PARTNER_UNAVAILABLE"));
  payees_.state = partner::v1::Partner::STATE_SUSPENDED;
  const absl::Status suspended = Create("B-1").status();
  payees_.state = partner::v1::Partner::STATE_ACTIVE;
  payees_.agreement_current = false;
  const absl::Status without_agreement = Create("B-1").status();
  payees_.agreement_current = true;
  EXPECT_EQ(suspended, without_agreement);
  EXPECT_EQ(suspended, Create("NOBODY").status());
  EXPECT_THAT(Create("A-1"), HasReason("ALREADY_PARTNER_OF_RECORD"));
  EXPECT_EQ(Create("").status().code(), absl::StatusCode::kInvalidArgument);
  v1::CreatePartnerRequestRequest nowhere = CreateRequest("B-1");
  nowhere.set_parent(absl::StrCat(account_, "/subscriptions/", kId));
  EXPECT_THAT(Call(&Stub::CreatePartnerRequest, nowhere), HasReason("SUBSCRIPTION_NOT_FOUND"));
  payees_.status = absl::UnavailableError("down");
  EXPECT_THAT(Create("B-1"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(CountRows("partner_requests"), 0);
}

TEST_F(PartnerRequestServiceTest, WhoeverIsSuspendedMeanwhileCannotAccept) {
  const Request asked = Asked();
  payees_.state = partner::v1::Partner::STATE_SUSPENDED;
  EXPECT_THAT(Call(&Stub::AcceptPartnerRequest, AcceptRequest(b_, asked)), HasReason("PARTNER_UNAVAILABLE"));
  payees_.state = partner::v1::Partner::STATE_ACTIVE;
  payees_.agreement_current = false;
  EXPECT_THAT(Accept(b_, asked), HasReason("PARTNER_UNAVAILABLE"));
  payees_.agreement_current = true;
  ASSERT_OK(Accept(b_, asked));
}

TEST_F(PartnerRequestServiceTest, OneWaitsPerSubscriptionAndTheNextWithdrawsIt) {
  const Request first = Asked("B-1");
  EXPECT_THAT(Create("B-1"), HasReason("PARTNER_REQUEST_WAITS"));
  const Request second = Asked("C-1");
  EXPECT_EQ(StateOf(first), Request::STATE_WITHDRAWN);
  EXPECT_THAT(Received(b_), IsEmpty());
  EXPECT_THAT(Received(c_), SizeIs(1));
  EXPECT_THAT(Accept(b_, first), HasReason("PARTNER_REQUEST_STATE"));
  v1::WithdrawPartnerRequestRequest withdraw;
  withdraw.set_name(second.name());
  withdraw.set_reason("the customer wrote");
  withdraw.set_request_id(NewRequestId());
  withdraw.set_etag("7");
  EXPECT_THAT(Call(&Stub::WithdrawPartnerRequest, withdraw), HasReason("ETAG_MISMATCH"));
  withdraw.set_etag(second.etag());
  withdraw.set_validate_only(true);
  ASSERT_OK(Call(&Stub::WithdrawPartnerRequest, withdraw));
  EXPECT_EQ(StateOf(second), Request::STATE_WAITING);
  withdraw.set_validate_only(false);
  ASSERT_OK(Call(&Stub::WithdrawPartnerRequest, withdraw));
  EXPECT_THAT(Accept(c_, second), HasReason("PARTNER_REQUEST_STATE"));
  v1::ListPartnerRequestsRequest list;
  list.set_parent(account_);
  list.set_filter(absl::StrCat("state = WITHDRAWN AND subscription = \"", subscription_, "\""));
  ASSERT_OK_AND_ASSIGN(const v1::ListPartnerRequestsResponse listed, Call(&Stub::ListPartnerRequests, list));
  EXPECT_EQ(listed.partner_requests_size(), 2);
  list.set_parent("billingAccounts/-");
  list.set_filter("state = WAITING");
  ASSERT_OK_AND_ASSIGN(const v1::ListPartnerRequestsResponse waiting, Call(&Stub::ListPartnerRequests, list));
  EXPECT_EQ(waiting.partner_requests_size(), 0);
}

TEST_F(PartnerRequestServiceTest, AfterThirtyDaysItHasExpiredAndLeavesThePartnersList) {
  const Request asked = Asked();
  clock_.Advance(absl::Hours(24 * 30) - absl::Seconds(1));
  EXPECT_THAT(Received(b_), SizeIs(1));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Received(b_), IsEmpty());
  EXPECT_EQ(StateOf(asked), Request::STATE_EXPIRED);
  EXPECT_THAT(Accept(b_, asked), HasReason("PARTNER_REQUEST_STATE"));
  EXPECT_NE(Asked().name(), asked.name());
}

TEST_F(PartnerRequestServiceTest, ARequestForAPartnerOfBeforeIsNotAcceptedAfterAnotherCame) {
  const Request asked = Asked();
  v1::TransferPartnerSubscriptionsRequest transfer;
  transfer.set_parent(partner_);
  transfer.set_new_partner(c_);
  transfer.set_reason("the partner leaves the programme");
  transfer.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::PartnerOfRecordService::Stub::TransferPartnerSubscriptions, transfer));
  EXPECT_THAT(Accept(b_, asked), HasReason("PARTNER_CHANGE_PENDING"));
  EXPECT_THAT(Create("B-1"), HasReason("PARTNER_REQUEST_WAITS"));
  clock_.Set(StartOf(Date(2009, 7, 1)));
  EXPECT_THAT(Accept(b_, asked), HasReason("PARTNER_CHANGED"));
  EXPECT_EQ(CountRows("partner_assignments"), 2);
}

}  // namespace
}  // namespace countersign::billing
