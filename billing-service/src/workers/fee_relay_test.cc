// From a paid invoice to the partner's fee.
#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"

namespace countersign::billing {
namespace {

using FeeRelayTest = ApiTest;

TEST_F(FeeRelayTest, PaidInvoiceAccruesThePartnersFee) {
  const std::string invoice = OpenInvoice();
  clock_.Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  EXPECT_EQ(receipt.billing_account(), account_);
  Drain();

  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(invoice));
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(paid.amount_due().units(), 0);
  EXPECT_EQ(paid.paid_time().seconds(), absl::ToUnixSeconds(clock_.Now()));

  const std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 1u);
  EXPECT_EQ(fees[0].state(), v1::Fee::STATE_ACCRUED);
  EXPECT_EQ(fees[0].amount().units(), 45);
  EXPECT_EQ(fees[0].invoice(), invoice);
  EXPECT_EQ(fees[0].line(), 0);
  EXPECT_EQ(fees[0].rate_basis_points(), 1200);
  EXPECT_EQ(fees[0].explanation(), "375.00 USD × 12 % × 30/30 days = 45.00 USD");
  ExpectBalancedBooks();
}

TEST_F(FeeRelayTest, BothSidesNameTheFeeAndTheInvoice) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  Drain();
  const std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 1u);
  for (const char* type : {"FEE_EARNED", "FEE_ACCRUED"}) {
    const auto event = EventOf<v1::FeeEvent>(type);
    EXPECT_EQ(event.fee(), fees[0].name()) << type;
    EXPECT_EQ(event.state(), v1::Fee::STATE_ACCRUED) << type;
    EXPECT_EQ(event.version(), 1) << type;
    EXPECT_EQ(event.invoice(), invoice) << type;
  }
  EXPECT_EQ(CountRows("fee_segments WHERE earned_micros = 45000000 AND earn_time IS NOT NULL AND days = 30"), 1);
}

}  // namespace
}  // namespace countersign::billing
