#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/refund.pb.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class RefundServiceTest : public ApiTest {
 protected:
  v1::CreateRefundRequest Request(int64_t units, const std::string& bank_reference = "OUT-1") const {
    v1::CreateRefundRequest request;
    request.set_parent(account_);
    request.mutable_refund()->mutable_amount()->set_currency_code("USD");
    request.mutable_refund()->mutable_amount()->set_units(units);
    request.mutable_refund()->set_bank_reference(bank_reference);
    request.mutable_refund()->set_reason("Paid twice.");
    request.set_request_id(NewRequestId());
    return request;
  }

  // An account with 25.00 of credit.
  void OverpayBy25() {
    OpenInvoice();
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-1")));
    Drain();
  }
};

TEST_F(RefundServiceTest, PaysCreditBackOnce) {
  OverpayBy25();
  const v1::CreateRefundRequest request = Request(25);
  ASSERT_OK_AND_ASSIGN(const v1::Refund refund, Call(&v1::RefundService::Stub::CreateRefund, request));
  ASSERT_OK_AND_ASSIGN(const v1::Refund again, Call(&v1::RefundService::Stub::CreateRefund, request));
  EXPECT_EQ(again.SerializeAsString(), refund.SerializeAsString());
  EXPECT_THAT(Call(&v1::RefundService::Stub::CreateRefund, Request(25)), HasReason("REFUND_REFERENCE_TAKEN"));
  EXPECT_THAT(Call(&v1::RefundService::Stub::CreateRefund, Request(25, "OUT-2")), HasReason("REFUND_EXCEEDS_CREDIT"));
  EXPECT_EQ(CountRows("billing_accounts WHERE credit_micros = 0"), 1);
  v1::GetRefundRequest get;
  get.set_name(refund.name());
  ASSERT_OK_AND_ASSIGN(const v1::Refund read, Call(&v1::RefundService::Stub::GetRefund, get));
  EXPECT_EQ(read.SerializeAsString(), refund.SerializeAsString());
  Drain();
  EXPECT_EQ(Fees(kOperator).size(), 1u);
  ExpectBalancedBooks();
}

TEST_F(RefundServiceTest, ListsTheOldestFirst) {
  OverpayBy25();
  std::vector<std::string> names;
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const v1::Refund refund,
                         Call(&v1::RefundService::Stub::CreateRefund, Request(5, absl::StrCat("OUT-", i))));
    names.push_back(refund.name());
    clock_.Advance(absl::Hours(1));
  }
  v1::ListRefundsRequest list;
  list.set_parent(account_);
  ASSERT_OK_AND_ASSIGN(v1::ListRefundsResponse page, Call(&v1::RefundService::Stub::ListRefunds, list));
  ASSERT_EQ(page.refunds_size(), 2);
  EXPECT_EQ(page.refunds(0).name(), names[0]);
  EXPECT_EQ(page.refunds(1).name(), names[1]);
  list.set_filter("bank_reference = \"OUT-1\"");
  ASSERT_OK_AND_ASSIGN(page, Call(&v1::RefundService::Stub::ListRefunds, list));
  ASSERT_EQ(page.refunds_size(), 1);
  EXPECT_EQ(page.refunds(0).name(), names[1]);
}

TEST_F(RefundServiceTest, RefusesASecondRefundByTheSameTransfer) {
  OverpayBy25();
  ASSERT_OK_AND_ASSIGN(const v1::Refund refund, Call(&v1::RefundService::Stub::CreateRefund, Request(10)));
  v1::CreateRefundRequest again = Request(10);
  const absl::Status refused = Call(&v1::RefundService::Stub::CreateRefund, again).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(refused, HasReason("REFUND_REFERENCE_TAKEN"));
  EXPECT_THAT(refused.message(), ::testing::HasSubstr(refund.name()));
  again.set_validate_only(true);
  EXPECT_THAT(Call(&v1::RefundService::Stub::CreateRefund, again), HasReason("REFUND_REFERENCE_TAKEN"));
  EXPECT_EQ(CountRows("billing_accounts WHERE credit_micros = 15000000"), 1);
  ASSERT_OK(Call(&v1::RefundService::Stub::CreateRefund, Request(10, "OUT-2")));
  EXPECT_EQ(CountRows("refunds"), 2);
  ExpectBalancedBooks();
}

TEST_F(RefundServiceTest, RefusesAnotherCurrencyAndOtherCallers) {
  OverpayBy25();
  v1::CreateRefundRequest request = Request(25);
  request.mutable_refund()->mutable_amount()->set_currency_code("EUR");
  EXPECT_THAT(Call(&v1::RefundService::Stub::CreateRefund, request), HasReason("CURRENCY_MISMATCH"));
  EXPECT_THAT(Call(&v1::RefundService::Stub::CreateRefund, Request(25), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(CountRows("refunds"), 0);
}

TEST_F(RefundServiceTest, NamesEveryMissingField) {
  ExpectViolations(Call(&v1::RefundService::Stub::CreateRefund, v1::CreateRefundRequest()).status(),
                   {"parent", "refund.amount", "refund.bank_reference", "refund.reason", "request_id"});
}

}  // namespace
}  // namespace countersign::billing
