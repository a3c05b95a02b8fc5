// Statements and payouts have the same beginning: fees that are earned, and quarters that are closed.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_TEST_BASE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_TEST_BASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/fee_accrual.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/payout.pb.h"
#include "countersign/billing/v1/payout_service.grpc.pb.h"
#include "countersign/billing/v1/statement.pb.h"
#include "countersign/billing/v1/statement_service.grpc.pb.h"

namespace countersign::billing {

// A partner whose fees are earned and stated quarter by quarter.
class StatementTestBase : public ApiTest {
 protected:
  StatementTestBase() {
    payees_.profile.set_currency_code("USD");
    payees_.profile.set_masked_bank_reference("••••3000");
  }

  // The terms are what the migration brought.
  void SetUp() override { database_->Clear({"payout_terms", "fee_schedules"}); }

  void AdvanceTo(const char* day) {
    const absl::Duration ahead = StartOf(*ParseDate(day)) + absl::Hours(9) - clock_.Now();
    ASSERT_GE(ahead, absl::ZeroDuration());
    clock_.Advance(ahead);
  }

  // The invoice of an order that is confirmed now, of an account of its own: no other line falls due with it.
  std::string OpenInvoiceNow(const std::string& name) {
    v1::ActivateOrderRequest request = OrderRequest(name);
    request.set_billing_account(absl::StrCat("billingAccounts/", Uuid::Derived({name}).ToString()));
    *request.mutable_start_date() = rpc::ToProto(DateOf(clock_.Now()));
    *request.mutable_confirm_time() = rpc::ToProto(clock_.Now());
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(request);
    EXPECT_OK(activated);
    return activated.ok() && activated->invoices_size() > 0 ? activated->invoices(0) : "";
  }

  // `count` invoices are opened and paid: a fee of 45.00 each.
  void Pay(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string name = absl::StrCat("order-", ++orders_);
      invoices_.push_back(OpenInvoiceNow(name));
      v1::CreateBankReceiptRequest receipt = ReceiptRequest(375, "BANK-" + name, invoices_.back());
      receipt.mutable_bank_receipt()->set_billing_account(
          absl::StrCat("billingAccounts/", Uuid::Derived({name}).ToString()));
      ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, receipt));
    }
    Drain();
  }

  // The payments of the oldest `count` invoices bounce.
  void Bounce(int count) {
    const FeeStore store(database_->database());
    for (int i = 0; i < count; ++i) {
      const Uuid account = Uuid::Derived({absl::StrCat("order-", i + 1)});
      const Uuid invoice = *Uuid::Parse(invoices_[i].substr(invoices_[i].rfind('/') + 1));
      ASSERT_OK_AND_ASSIGN(const std::vector<FeeEntry> history,
                           store.ListOfInvoices(testing::TestDeadline(), account, {invoice}));
      ASSERT_OK_AND_ASSIGN(const std::vector<FeeEntry> made,
                           ReverseInFull(history, {FeeCause::kInvoiceReopened, std::nullopt, clock_.Now()}));
      const LedgerTransaction posting = *PostFees(account, invoice, *SumOfFees(made, "USD"), DateOf(clock_.Now()));
      std::vector<mysql::RowWrite> rows = *LedgerRows(posting, clock_.Now());
      for (const FeeEntry& fee : made) rows.push_back(FeeStore::EarnedRow(fee));
      ASSERT_OK(committer_.Commit(testing::TestDeadline(),
                                  {.events = FeeEvents(rpc::WorkerAct{"billing-service", clock_.Now()}, made),
                                   .reply = std::nullopt,
                                   .rows = std::move(rows)}));
    }
    Drain();
  }

  // The one statement that closing makes.
  v1::Statement Close() {
    v1::CloseStatementsRequest request;
    request.set_parent(partner_);
    request.set_request_id(NewRequestId());
    const auto closed = Call(&v1::StatementService::Stub::CloseStatements, request);
    EXPECT_OK(closed);
    if (!closed.ok() || closed->statements_size() != 1) return {};
    v1::GetStatementRequest get;
    get.set_name(closed->statements(0));
    return Call(&v1::StatementService::Stub::GetStatement, get, partner_).value_or(v1::Statement());
  }

  std::vector<v1::Payout> Payouts(const std::string& filter = "") {
    v1::ListPayoutsRequest request;
    request.set_parent(partner_);
    request.set_filter(filter);
    const auto page = Call(&v1::PayoutService::Stub::ListPayouts, request, partner_);
    EXPECT_OK(page);
    return page.ok() ? std::vector<v1::Payout>(page->payouts().begin(), page->payouts().end())
                     : std::vector<v1::Payout>();
  }

  absl::StatusOr<v1::Payout> Approve(const std::string& name) {
    v1::ApprovePayoutRequest request;
    request.set_name(name);
    request.set_reason("checked");
    request.set_request_id(NewRequestId());
    return Call(&v1::PayoutService::Stub::ApprovePayout, request);
  }

  absl::StatusOr<v1::CreatePayoutFileResponse> Send() {
    v1::CreatePayoutFileRequest request;
    request.set_parent(partner_);
    request.set_request_id(NewRequestId());
    return Call(&v1::PayoutService::Stub::CreatePayoutFile, request);
  }

  absl::StatusOr<v1::Payout> Answer(const std::string& name, v1::RecordPayoutAnswerRequest::Outcome outcome,
                                    int32_t attempt = 1) {
    v1::RecordPayoutAnswerRequest request;
    request.set_name(name);
    request.set_attempt(attempt);
    request.set_outcome(outcome);
    request.set_reason("as the bank says");
    request.set_request_id(NewRequestId());
    return Call(&v1::PayoutService::Stub::RecordPayoutAnswer, request);
  }

 private:
  std::vector<std::string> invoices_;
  int orders_ = 0;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_TEST_BASE_H_
