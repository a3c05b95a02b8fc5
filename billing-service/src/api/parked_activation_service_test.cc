// Orders that cannot be activated wait, listed, until an operator decides; the worked figures of a late activation.
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/parked_activation.pb.h"
#include "countersign/billing/v1/parked_activation_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/order/v1/activation_outcome_service.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string DateText(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

class ParkedActivationServiceTest : public ApiTest {
 protected:
  // The name of a parked activation: confirmed on 06-01, billing is back on 08-10.
  std::string LateOrder(absl::string_view order = "order") {
    SetDay(Date(2009, 8, 10));
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
    EXPECT_OK(activated);
    EXPECT_EQ(activated->subscriptions_size(), 0);
    return activated.ok() ? activated->parked_activation() : "";
  }

  absl::StatusOr<v1::ParkedActivation> Get(const std::string& name) {
    v1::GetParkedActivationRequest request;
    request.set_name(name);
    return Call(&v1::ParkedActivationService::Stub::GetParkedActivation, request);
  }

  static v1::RetryActivationRequest RetryRequest(const std::string& name, v1::RetryActivationRequest::Start start) {
    v1::RetryActivationRequest request;
    request.set_name(name);
    request.set_start(start);
    request.set_reason("billing was down");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::ParkedActivation> Retry(const v1::RetryActivationRequest& request) {
    return Call(&v1::ParkedActivationService::Stub::RetryActivation, request);
  }

  absl::StatusOr<v1::ParkedActivation> Abandon(const std::string& name) {
    v1::AbandonActivationRequest request;
    request.set_name(name);
    request.set_reason("the customer went elsewhere");
    request.set_request_id(NewRequestId());
    return Call(&v1::ParkedActivationService::Stub::AbandonActivation, request);
  }

  std::vector<std::string> List(const std::string& parent, const std::string& filter = "") {
    v1::ListParkedActivationsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    std::vector<std::string> names;
    const auto page = Call(&v1::ParkedActivationService::Stub::ListParkedActivations, request);
    EXPECT_OK(page);
    if (page.ok()) {
      for (const v1::ParkedActivation& parked : page->parked_activations()) names.push_back(parked.name());
    }
    return names;
  }

  // The invoice is paid in full; the fees that it earned, in cents.
  int64_t FeesWhenPaid(const v1::Invoice& invoice) {
    EXPECT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt,
                   ReceiptRequest(invoice.total().units(), "BANK-1", invoice.name())));
    Drain();
    int64_t cents = 0;
    for (const v1::Fee& fee : Fees(kOperator)) {
      cents += fee.amount().units() * 100 + fee.amount().nanos() / 10'000'000;
    }
    return cents;
  }
};

TEST_F(ParkedActivationServiceTest, LateOrderIsParkedAndListed) {
  const std::string name = LateOrder();
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation parked, Get(name));
  EXPECT_EQ(parked.state(), v1::ParkedActivation::STATE_PARKED);
  EXPECT_EQ(parked.reason(), "ACTIVATION_LATE");
  EXPECT_EQ(parked.order(), OrderRequest().order());
  EXPECT_EQ(DateText(parked.start_date()), "2009-06-01");
  EXPECT_THAT(List(account_), ElementsAre(name));
  EXPECT_THAT(List("billingAccounts/-", "state = PARKED AND reason = \"ACTIVATION_LATE\""), ElementsAre(name));
  EXPECT_THAT(List("billingAccounts/-", "state = ABANDONED"), IsEmpty());
  EXPECT_THAT(List("billingAccounts/" + kId), IsEmpty());
  EXPECT_EQ(CountRows("billing_accounts"), 0);
  EXPECT_EQ(CountRows("events WHERE type = 'ACTIVATION_PARKED'"), 1);
}

TEST_F(ParkedActivationServiceTest, SameOrderAgainGetsTheSameParkedActivation) {
  const std::string name = LateOrder();
  EXPECT_EQ(LateOrder(), name);
  EXPECT_EQ(CountRows("parked_activations"), 1);
}

TEST_F(ParkedActivationServiceTest, RetriedTodayItStartsAndIsInvoicedToday) {
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation retried,
                       Retry(RetryRequest(LateOrder(), v1::RetryActivationRequest::START_TODAY)));
  EXPECT_EQ(retried.state(), v1::ParkedActivation::STATE_ACTIVATED);
  ASSERT_EQ(retried.subscriptions_size(), 1);
  ASSERT_EQ(retried.invoices_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(retried.subscriptions(0)));
  EXPECT_EQ(DateText(subscription.start_date()), "2009-08-10");
  EXPECT_EQ(DateText(subscription.tranches(0).cancellable_until_date()), "2009-08-16");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(retried.invoices(0)));
  EXPECT_EQ(invoice.lines_size(), 1);
  EXPECT_EQ(invoice.total().units(), 375);
  EXPECT_EQ(DateText(invoice.issue_date()), "2009-08-10");
  EXPECT_EQ(DateText(invoice.due_date()), "2009-09-09");
  EXPECT_EQ(FeesWhenPaid(invoice), 45'00);
}

TEST_F(ParkedActivationServiceTest, RetriedWithItsOwnStartItIsInvoicedForEveryPeriodSince) {
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation retried,
                       Retry(RetryRequest(LateOrder(), v1::RetryActivationRequest::START_KEEP)));
  ASSERT_EQ(retried.invoices_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(retried.invoices(0)));
  EXPECT_EQ(invoice.lines_size(), 3);
  EXPECT_EQ(invoice.total().units(), 1'125);
  EXPECT_EQ(DateText(invoice.lines(0).service_start_date()), "2009-06-01");
  EXPECT_EQ(DateText(invoice.issue_date()), "2009-08-10");
  EXPECT_EQ(DateText(invoice.due_date()), "2009-09-09");
  EXPECT_EQ(FeesWhenPaid(invoice), 135'00);
}

TEST_F(ParkedActivationServiceTest, OrderServiceLearnsThatItWasActivated) {
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation retried,
                       Retry(RetryRequest(LateOrder(), v1::RetryActivationRequest::START_KEEP)));
  Drain();
  ASSERT_EQ(orders_.outcomes.size(), 1u);
  EXPECT_EQ(orders_.outcomes[0].order(), retried.order());
  EXPECT_EQ(orders_.outcomes[0].outcome(), order::v1::ApplyActivationOutcomeRequest::OUTCOME_ACTIVATED);
  EXPECT_THAT(orders_.outcomes[0].subscriptions(), ElementsAre(retried.subscriptions(0)));
}

TEST_F(ParkedActivationServiceTest, AbandonedItIsNeverActivatedAndOrderServiceLearnsWhy) {
  const std::string name = LateOrder();
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation abandoned, Abandon(name));
  EXPECT_EQ(abandoned.state(), v1::ParkedActivation::STATE_ABANDONED);
  EXPECT_EQ(abandoned.operator_reason(), "the customer went elsewhere");
  SetDay(Date(2009, 6, 1));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse again, Activate(OrderRequest()));
  EXPECT_EQ(again.parked_activation(), name);
  EXPECT_EQ(CountRows("subscriptions"), 0);
  Drain();
  ASSERT_EQ(orders_.outcomes.size(), 1u);
  EXPECT_EQ(orders_.outcomes[0].outcome(), order::v1::ApplyActivationOutcomeRequest::OUTCOME_ABANDONED);
  EXPECT_EQ(orders_.outcomes[0].reason(), "the customer went elsewhere");
}

TEST_F(ParkedActivationServiceTest, IsDecidedOnce) {
  const std::string name = LateOrder();
  ASSERT_OK(Retry(RetryRequest(name, v1::RetryActivationRequest::START_KEEP)));
  EXPECT_THAT(Retry(RetryRequest(name, v1::RetryActivationRequest::START_KEEP)), HasReason("PARKED_ACTIVATION_STATE"));
  EXPECT_THAT(Abandon(name), HasReason("PARKED_ACTIVATION_STATE"));
  EXPECT_EQ(CountRows("subscriptions"), 1);
}

TEST_F(ParkedActivationServiceTest, RefusalIsParkedAndStaysWhenTheRetryIsRefused) {
  ASSERT_OK(Activate(OrderRequest("first")));
  v1::ActivateOrderRequest request = OrderRequest("second");
  request.set_currency_code("EUR");
  request.mutable_lines(0)->mutable_unit_price()->set_currency_code("EUR");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(request));
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation parked, Get(activated.parked_activation()));
  EXPECT_EQ(parked.reason(), "CURRENCY_MISMATCH");
  EXPECT_THAT(Retry(RetryRequest(parked.name(), v1::RetryActivationRequest::START_KEEP)),
              HasReason("CURRENCY_MISMATCH"));
  EXPECT_THAT(List(account_, "state = PARKED"), ElementsAre(parked.name()));
  EXPECT_EQ(CountRows("subscriptions"), 1);
}

TEST_F(ParkedActivationServiceTest, ValidateOnlyAndOldEtagsWriteNothing) {
  v1::RetryActivationRequest request = RetryRequest(LateOrder(), v1::RetryActivationRequest::START_TODAY);
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::ParkedActivation would_be, Retry(request));
  EXPECT_EQ(would_be.invoices_size(), 1);
  request.set_validate_only(false);
  request.set_etag("7");
  EXPECT_THAT(Retry(request), HasReason("ETAG_MISMATCH"));
  EXPECT_EQ(CountRows("subscriptions"), 0);
  EXPECT_EQ(CountRows("account_numbers"), 0);
}

TEST_F(ParkedActivationServiceTest, NamesTheBadFieldsAndIsForOperatorsOnly) {
  v1::RetryActivationRequest request = RetryRequest("x", v1::RetryActivationRequest::START_UNSPECIFIED);
  request.set_reason("");
  ExpectViolations(Retry(request).status(), {"name", "reason", "start"});
  EXPECT_THAT(Get(account_ + "/parkedActivations/" + kId), HasReason("PARKED_ACTIVATION_NOT_FOUND"));
  v1::ListParkedActivationsRequest list;
  list.set_parent(account_);
  EXPECT_THAT(Call(&v1::ParkedActivationService::Stub::ListParkedActivations, list, partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ParkedActivationServiceTest, KeepsPersonalDataOutOfTheEvents) {
  ASSERT_OK(Retry(RetryRequest(LateOrder(), v1::RetryActivationRequest::START_KEEP)));
  for (const mysql::Row& row : database_->Query("SELECT payload FROM events")) {
    EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr("Fabrikam")));
  }
}

}  // namespace
}  // namespace countersign::billing
