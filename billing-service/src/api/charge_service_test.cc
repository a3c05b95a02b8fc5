#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/charge.pb.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/payment/v1/payment_processor.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class ChargeServiceTest : public ApiTest {
 protected:
  static v1::ChargeInvoiceRequest ChargeRequestOf(const std::string& invoice) {
    v1::ChargeInvoiceRequest request;
    request.set_name(invoice);
    request.set_reason("the customer asked");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::Charge> Get(const std::string& name) {
    v1::GetChargeRequest request;
    request.set_name(name);
    return Call(&v1::ChargeService::Stub::GetCharge, request);
  }
  // The worker's next turn.
  void RunCharges() {
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "charges") continue;
      EXPECT_OK(task.run(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
    }
  }
};

TEST_F(ChargeServiceTest, SetsAPaymentMethodAndKeepsItsTokenToItself) {
  OpenInvoice();
  v1::SetPaymentMethodRequest request = MethodRequest("tok_secret");
  request.set_etag("1");
  ASSERT_OK_AND_ASSIGN(const v1::BillingAccount account,
                       Call(&v1::BillingAccountService::Stub::SetPaymentMethod, request));
  EXPECT_EQ(account.payment_method().type(), v1::PaymentMethod::TYPE_PROCESSOR);
  EXPECT_EQ(account.payment_method().token(), "");
  EXPECT_EQ(account.etag(), "2");
  EXPECT_EQ(CountRows("billing_accounts WHERE payment_method = 'PROCESSOR' AND payment_token = 'tok_secret'"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'PAYMENT_METHOD_SET' AND reason = 'asked for'"), 1);
  EXPECT_EQ(CountRows("events WHERE payload LIKE '%tok_secret%'"), 0);
  EXPECT_EQ(CountRows("stored_replies WHERE reply LIKE '%tok_secret%'"), 0);
  request = MethodRequest("another");
  request.set_etag("1");
  EXPECT_THAT(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, request), HasReason("ETAG_MISMATCH"));

  v1::SetPaymentMethodRequest back = MethodRequest("");
  back.mutable_payment_method()->set_type(v1::PaymentMethod::TYPE_BANK_TRANSFER);
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, back));
  EXPECT_EQ(CountRows("billing_accounts WHERE payment_method = 'BANK_TRANSFER' AND payment_token = ''"), 1);
}

TEST_F(ChargeServiceTest, RefusesACardNumberAndEveryMissingField) {
  OpenInvoice();
  for (const char* token : {"4111 1111 1111 1111", "", "t\xc3\xb6ken"}) {
    ExpectViolations(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest(token)).status(),
                     {"payment_method.token"});
  }
  v1::SetPaymentMethodRequest transfer = MethodRequest("tok");
  transfer.mutable_payment_method()->set_type(v1::PaymentMethod::TYPE_BANK_TRANSFER);
  ExpectViolations(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, transfer).status(),
                   {"payment_method.token"});
  ExpectViolations(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, v1::SetPaymentMethodRequest()).status(),
                   {"name", "payment_method.type", "reason", "request_id"});
  EXPECT_EQ(CountRows("billing_accounts WHERE version = 1"), 1);
}

TEST_F(ChargeServiceTest, WithoutAProcessorEveryAccountPaysByBankTransfer) {
  const std::string invoice = OpenInvoice();
  BillingParts bare(
      {.service = "billing-service", .database = &database_->database(), .clock = &clock_, .reply_keys = &keys_},
      {database_->database(), committer_, clock_, orders_, payees_, &mailer_});
  testing::InProcessServer server(bare.services());
  v1::BillingAccountService::Stub accounts(server.channel());
  EXPECT_THAT(
      testing::CallAs(kOperator, accounts, &v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("tok")),
      HasReason("PAYMENT_PROCESSOR_NOT_CONFIGURED"));
  v1::ChargeService::Stub charges(server.channel());
  EXPECT_THAT(testing::CallAs(kOperator, charges, &v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice)),
              HasReason("PAYMENT_PROCESSOR_NOT_CONFIGURED"));
  for (const events::BucketTask& task : bare.tasks()) EXPECT_NE(task.name, "charges");
}

TEST_F(ChargeServiceTest, ChargesAnInvoiceBeforeItIsDue) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("tok")));
  const v1::ChargeInvoiceRequest request = ChargeRequestOf(invoice);
  ASSERT_OK_AND_ASSIGN(const v1::Charge charge, Call(&v1::ChargeService::Stub::ChargeInvoice, request));
  EXPECT_EQ(charge.state(), v1::Charge::STATE_REQUESTED);
  EXPECT_EQ(charge.amount().units(), 375);
  ASSERT_OK_AND_ASSIGN(const v1::Charge again, Call(&v1::ChargeService::Stub::ChargeInvoice, request));
  EXPECT_EQ(again.SerializeAsString(), charge.SerializeAsString());
  EXPECT_THAT(Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice)), HasReason("CHARGE_NOT_SETTLED"));
  RunCharges();
  ASSERT_OK_AND_ASSIGN(const v1::Charge settled, Get(charge.name()));
  EXPECT_EQ(settled.state(), v1::Charge::STATE_SUCCEEDED);
  EXPECT_THAT(Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice)),
              HasReason("INVOICE_NOT_CHARGEABLE"));
  EXPECT_EQ(processor_.book.size(), 1u);
}

TEST_F(ChargeServiceTest, ValidateOnlyAndRefusalsChangeNothing) {
  const std::string invoice = OpenInvoice();
  EXPECT_THAT(Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice)),
              HasReason("PAYMENT_METHOD_NOT_CHARGEABLE"));
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("tok")));
  v1::ChargeInvoiceRequest request = ChargeRequestOf(invoice);
  request.set_validate_only(true);
  EXPECT_OK(Call(&v1::ChargeService::Stub::ChargeInvoice, request));
  EXPECT_THAT(Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(account_ + "/invoices/" + kId)),
              HasReason("INVOICE_NOT_FOUND"));
  EXPECT_THAT(Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ExpectViolations(Call(&v1::ChargeService::Stub::ChargeInvoice, v1::ChargeInvoiceRequest()).status(),
                   {"name", "reason", "request_id"});
  EXPECT_EQ(CountRows("charges"), 0);
  EXPECT_THAT(Get(account_ + "/charges/" + kId), HasReason("CHARGE_NOT_FOUND"));
}

// docs/domain.md: paid +45.00, charged back −45.00, won back +45.00.
TEST_F(ChargeServiceTest, AChargebackReversesTheFeeAndItsWinningEarnsItAgain) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("tok")));
  ASSERT_OK_AND_ASSIGN(const v1::Charge charge,
                       Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice)));
  const auto move = [&](auto method, auto request, const std::string& etag = "") {
    request.set_name(charge.name());
    request.set_reason("the customer's bank");
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return Call(method, request);
  };
  const auto take_back = [&](const std::string& etag = "") {
    return move(&v1::ChargeService::Stub::RecordChargeback, v1::RecordChargebackRequest(), etag);
  };
  const auto win = [&] { return move(&v1::ChargeService::Stub::WinChargeback, v1::WinChargebackRequest()); };
  EXPECT_THAT(take_back(), HasReason("CHARGE_STATE"));
  EXPECT_THAT(win(), HasReason("CHARGE_STATE"));
  RunCharges();

  EXPECT_THAT(take_back("1"), HasReason("ETAG_MISMATCH"));
  ASSERT_OK_AND_ASSIGN(const v1::Charge lost, take_back("2"));
  EXPECT_EQ(lost.state(), v1::Charge::STATE_CHARGED_BACK);
  EXPECT_EQ(GetInvoice(invoice)->state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(CountRows("payments WHERE state = 'REVERSED'"), 1);
  EXPECT_THAT(take_back(), HasReason("CHARGE_STATE"));
  SetDay(Date(2009, 7, 31));
  RunCharges();
  EXPECT_EQ(CountRows("charges"), 1) << "the same token is not charged again by itself";

  ASSERT_OK_AND_ASSIGN(const v1::Charge won, win());
  EXPECT_EQ(won.state(), v1::Charge::STATE_SUCCEEDED);
  EXPECT_NE(won.payment(), lost.payment());
  EXPECT_EQ(GetInvoice(invoice)->state(), v1::Invoice::STATE_PAID);
  EXPECT_THAT(win(), HasReason("CHARGE_STATE"));
  EXPECT_EQ(CountRows("payments WHERE state = 'SUCCEEDED'"), 1);
  Drain();
  std::vector<int64_t> fees;
  for (const v1::Fee& fee : Fees(kOperator)) fees.push_back(fee.amount().units());
  EXPECT_THAT(fees, ::testing::UnorderedElementsAre(45, -45, 45));
  EXPECT_EQ(processor_.creates, 1);
  ExpectBalancedBooks();
}

TEST_F(ChargeServiceTest, ListsByStateAndPage) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("tok")));
  processor_.next = payment::v1::Charge::STATE_DECLINED;
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Minutes(1));
    ASSERT_OK(Call(&v1::ChargeService::Stub::ChargeInvoice, ChargeRequestOf(invoice)));
    if (i < 2) RunCharges();
  }
  v1::ListChargesRequest list;
  list.set_parent("billingAccounts/-");
  list.set_filter("state = DECLINED AND decline_reason = \"INSUFFICIENT_FUNDS\"");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListChargesResponse first, Call(&v1::ChargeService::Stub::ListCharges, list));
  ASSERT_EQ(first.charges_size(), 1);
  EXPECT_EQ(first.charges(0).attempt(), 1);
  list.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListChargesResponse second, Call(&v1::ChargeService::Stub::ListCharges, list));
  ASSERT_EQ(second.charges_size(), 1);
  EXPECT_EQ(second.charges(0).attempt(), 2);
  EXPECT_EQ(second.next_page_token(), "");
  v1::ListChargesRequest of_account;
  of_account.set_parent(account_);
  of_account.set_filter("invoice = \"" + invoice + "\" AND state = REQUESTED");
  ASSERT_OK_AND_ASSIGN(const v1::ListChargesResponse open, Call(&v1::ChargeService::Stub::ListCharges, of_account));
  EXPECT_EQ(open.charges_size(), 1);
  ExpectViolations(Call(&v1::ChargeService::Stub::ListCharges, v1::ListChargesRequest()).status(), {"parent"});
}

}  // namespace
}  // namespace countersign::billing
