// From a paid invoice to the partner's fee.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/fee_accrual.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "countersign/billing/v1/bank_receipt.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"

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

TEST_F(FeeRelayTest, AReversalAndTheNextGenerationReachThePartner) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  Drain();
  const FeeStore store(database_->database());
  ASSERT_OK_AND_ASSIGN(const Uuid account, Uuid::Parse(absl::StripPrefix(account_, "billingAccounts/")));
  const auto history = [&] {
    const Uuid id = *Uuid::Parse(invoice.substr(invoice.rfind('/') + 1));
    return store.ListOfInvoices(testing::TestDeadline(), account, {id}).value_or(std::vector<FeeEntry>());
  };
  const auto write = [&](const absl::StatusOr<std::vector<FeeEntry>>& made, absl::string_view cause) {
    ASSERT_OK(made);
    const LedgerTransaction posting = *PostFees(account, Uuid::Derived({cause}), *SumOfFees(*made, "USD"), Date());
    std::vector<mysql::RowWrite> rows = *LedgerRows(posting, clock_.Now());
    for (const FeeEntry& fee : *made) rows.push_back(FeeStore::EarnedRow(fee));
    ASSERT_OK(committer_.Commit(testing::TestDeadline(),
                                {.events = FeeEvents(rpc::WorkerAct{"billing-service", clock_.Now()}, *made),
                                 .reply = std::nullopt,
                                 .rows = std::move(rows)}));
  };
  clock_.Advance(absl::Hours(24));
  write(ReverseInFull(history(), {FeeCause::kInvoiceReopened, std::nullopt, clock_.Now()}), "bounced");
  clock_.Advance(absl::Hours(24));
  write(AccrueFees(history(), {}, {FeeCause::kInvoicePaid, std::nullopt, clock_.Now()}), "paid again");
  Drain();

  const std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 3u);
  EXPECT_EQ(fees[1].amount().units(), -45);
  EXPECT_EQ(fees[1].reversal(), 1);
  EXPECT_EQ(fees[1].cause(), v1::Fee::CAUSE_INVOICE_REOPENED);
  EXPECT_EQ(fees[2].amount().units(), 45);
  EXPECT_EQ(fees[2].generation(), 2);
  EXPECT_EQ(history().size(), 3u);
  ExpectBalancedBooks();
}

}  // namespace
}  // namespace countersign::billing
