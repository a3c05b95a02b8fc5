#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/payment.pb.h"
#include "countersign/billing/v1/payment_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::IsEmpty;

class PaymentServiceTest : public ApiTest {
 protected:
  std::vector<v1::Payment> List(const std::string& parent, const std::string& filter = "") {
    v1::ListPaymentsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    const absl::StatusOr<v1::ListPaymentsResponse> reply = Call(&v1::PaymentService::Stub::ListPayments, request);
    EXPECT_OK(reply.status());
    if (!reply.ok()) return {};
    return {reply->payments().begin(), reply->payments().end()};
  }
  absl::StatusOr<v1::Payment> Get(const std::string& name) {
    v1::GetPaymentRequest request;
    request.set_name(name);
    return Call(&v1::PaymentService::Stub::GetPayment, request);
  }
  // Money arrives and is used; the receipt.
  v1::BankReceipt Receive(int64_t units, const std::string& reference) {
    const auto receipt = Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(units, reference));
    EXPECT_OK(receipt.status());
    Drain();
    return receipt.ok() ? *receipt : v1::BankReceipt();
  }
};

TEST_F(PaymentServiceTest, SaysWhichInvoicesAReceiptPaidAndWhatIsLeft) {
  const std::string invoice = OpenInvoice();
  const v1::BankReceipt receipt = Receive(400, "BANK-1");
  const std::vector<v1::Payment> payments = List(account_);
  ASSERT_EQ(payments.size(), 1u);
  const v1::Payment& payment = payments[0];
  EXPECT_EQ(payment.state(), v1::Payment::STATE_SUCCEEDED);
  EXPECT_EQ(payment.bank_receipt(), receipt.name());
  EXPECT_EQ(payment.charge(), "");
  EXPECT_EQ(payment.amount().units(), 400);
  ASSERT_EQ(payment.allocations_size(), 1);
  EXPECT_EQ(payment.allocations(0).invoice(), invoice);
  EXPECT_EQ(payment.allocations(0).amount().units(), 375);
  EXPECT_FALSE(payment.allocations(0).has_bank_charge());
  EXPECT_EQ(payment.credit().units(), 25);
  EXPECT_EQ(payment.value_date().SerializeAsString(), receipt.value_date().SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::Payment read, Get(payment.name()));
  EXPECT_EQ(read.SerializeAsString(), payment.SerializeAsString());
}

TEST_F(PaymentServiceTest, ShowsTheSmallDifferenceThatTheVendorBore) {
  v1::CreateSmallDifferenceRequest small;
  small.mutable_small_difference()->mutable_limit()->set_currency_code("USD");
  small.mutable_small_difference()->mutable_limit()->set_units(1);
  *small.mutable_small_difference()->mutable_effective_date() = rpc::ToProto(Date(2009, 1, 1));
  small.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SmallDifferenceService::Stub::CreateSmallDifference, small));
  OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(374, "BANK-1");
  request.mutable_bank_receipt()->mutable_amount()->set_nanos(600'000'000);
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  Drain();
  const std::vector<v1::Payment> payments = List(account_);
  ASSERT_EQ(payments.size(), 1u);
  ASSERT_EQ(payments[0].allocations_size(), 1);
  EXPECT_EQ(payments[0].allocations(0).bank_charge().nanos(), 400'000'000);
}

TEST_F(PaymentServiceTest, FindsByReceiptStateAndChargeInAllAccounts) {
  OpenInvoice();
  const v1::BankReceipt first = Receive(100, "BANK-1");
  clock_.Advance(absl::Hours(1));
  const v1::BankReceipt second = Receive(50, "BANK-2");
  v1::ReverseBankReceiptRequest reverse;
  reverse.set_name(second.name());
  reverse.set_reason("it bounced");
  reverse.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::ReverseBankReceipt, reverse));
  Drain();
  const std::vector<v1::Payment> all = List("billingAccounts/-");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].bank_receipt(), first.name());
  EXPECT_EQ(all[1].bank_receipt(), second.name());
  EXPECT_EQ(all[1].allocations_size(), 1) << "what it had paid";
  const std::vector<v1::Payment> reversed = List("billingAccounts/-", "state = REVERSED");
  ASSERT_EQ(reversed.size(), 1u);
  EXPECT_EQ(reversed[0].name(), all[1].name());
  const std::vector<v1::Payment> of_first = List(account_, "bank_receipt = \"" + first.name() + "\"");
  ASSERT_EQ(of_first.size(), 1u);
  EXPECT_EQ(of_first[0].name(), all[0].name());
  EXPECT_THAT(List("billingAccounts/-", "charge = \"" + account_ + "/charges/" + kId + "\""), IsEmpty());
  EXPECT_THAT(List("billingAccounts/" + kId), IsEmpty());
}

TEST_F(PaymentServiceTest, IsNotForPartnersAndNamesWhatIsWrong) {
  v1::ListPaymentsRequest list;
  list.set_parent(account_);
  EXPECT_THAT(Call(&v1::PaymentService::Stub::ListPayments, list, partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Get(account_ + "/payments/" + kId), HasReason("PAYMENT_NOT_FOUND"));
  ExpectViolations(Get(account_).status(), {"name"});
  list.set_parent("");
  list.set_filter("amount = 1");
  list.set_page_size(-1);
  ExpectViolations(Call(&v1::PaymentService::Stub::ListPayments, list).status(), {"parent", "filter", "page_size"});
}

}  // namespace
}  // namespace countersign::billing
