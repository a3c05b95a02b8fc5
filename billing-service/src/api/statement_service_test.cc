// Statements, through the service: the quarters of the worked example.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "billing-service/src/api/statement_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/partner_state_service.grpc.pb.h"
#include "countersign/billing/v1/payout.pb.h"
#include "countersign/billing/v1/payout_service.grpc.pb.h"
#include "countersign/billing/v1/self_billing_service.grpc.pb.h"
#include "countersign/billing/v1/statement.pb.h"
#include "countersign/billing/v1/statement_service.grpc.pb.h"
#include "countersign/billing/v1/tax_rate_service.grpc.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"
#include "countersign/billing/v1/withholding_rate_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class StatementServiceTest : public StatementTestBase {
 protected:
  void Terminate() { SetState(1, partner::v1::Partner::STATE_TERMINATED); }

  void SetState(int64_t version, partner::v1::Partner::State state) {
    v1::ApplyPartnerStateRequest request;
    request.set_partner(partner_);
    request.set_version(version);
    request.set_state(state);
    *request.mutable_change_time() = rpc::ToProto(clock_.Now());
    request.set_reason("The agreement said so.");
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::PartnerStateService::Stub::ApplyPartnerState, request, "services/partner-service"));
  }

  // A turn of the worker, over all buckets.
  void RunWorker() {
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "statements") continue;
      for (int bucket = 0; bucket < events::kBuckets; ++bucket) EXPECT_OK(task.run(bucket, testing::TestDeadline()));
    }
  }

  absl::StatusOr<v1::Explanation> Explain(const std::string& statement) {
    v1::ExplainStatementRequest request;
    request.set_name(statement);
    return Call(&v1::StatementService::Stub::ExplainStatement, request, partner_);
  }

  absl::StatusOr<v1::GetStatementDocumentResponse> Print(const std::string& statement) {
    v1::GetStatementDocumentRequest request;
    request.set_name(statement);
    return Call(&v1::StatementService::Stub::GetStatementDocument, request, partner_);
  }
};

TEST_F(StatementServiceTest, FourQuartersOfTheWorkedExample) {
  Pay(1);
  EXPECT_EQ(Close().name(), "") << "the quarter is not over";
  AdvanceTo("2009-07-08");
  const v1::Statement first = Close();
  EXPECT_EQ(first.statement_number(), "S-USD-1");
  EXPECT_EQ(first.total().units(), 45);
  EXPECT_EQ(first.disposition(), v1::Statement::DISPOSITION_CARRIED);
  EXPECT_EQ(Close().name(), "") << "closed once";

  Pay(3);
  AdvanceTo("2009-10-08");
  const v1::Statement second = Close();
  EXPECT_EQ(second.carried_in().units(), 45);
  EXPECT_EQ(second.accrued().units(), 135);
  EXPECT_EQ(second.total().units(), 180);
  EXPECT_EQ(second.disposition(), v1::Statement::DISPOSITION_PAYABLE);
  ASSERT_EQ(Payouts().size(), 1u);
  EXPECT_EQ(Payouts()[0].total().units(), 180);
  EXPECT_EQ(Payouts()[0].withheld().units(), 50);
  EXPECT_EQ(Payouts()[0].withheld().nanos(), 400'000'000);
  EXPECT_EQ(Payouts()[0].amount().units(), 129);
  EXPECT_EQ(Payouts()[0].amount().nanos(), 600'000'000);

  Pay(3);
  Bounce(5);
  AdvanceTo("2010-01-08");
  const v1::Statement third = Close();
  EXPECT_EQ(third.total().units(), -90);
  EXPECT_EQ(third.line_count(), 8);
  EXPECT_EQ(third.disposition(), v1::Statement::DISPOSITION_CARRIED);

  Pay(3);
  AdvanceTo("2010-04-08");
  const v1::Statement fourth = Close();
  EXPECT_EQ(fourth.total().units(), 45);
  EXPECT_EQ(fourth.disposition(), v1::Statement::DISPOSITION_CARRIED);
  EXPECT_EQ(Payouts().size(), 1u);
  ExpectBalancedBooks();
}

TEST_F(StatementServiceTest, WhatIsWithheldGoesByThePayeesCountryAndForm) {
  const auto publish = [&](const std::string& form, int32_t basis_points) {
    v1::CreateWithholdingRateRequest request;
    request.mutable_withholding_rate()->set_region_code("IN");
    request.mutable_withholding_rate()->set_tax_form_kind(form);
    request.mutable_withholding_rate()->set_basis_points(basis_points);
    *request.mutable_withholding_rate()->mutable_effective_date() = rpc::ToProto(Date(2009, 1, 1));
    request.set_request_id(NewRequestId());
    return Call(&v1::WithholdingRateService::Stub::CreateWithholdingRate, request);
  };
  ASSERT_OK(publish("", 3000));
  ASSERT_OK_AND_ASSIGN(const v1::WithholdingRate of_form, publish("W-8BEN-E", 1500));
  payees_.profile.set_tax_region_code("IN");
  payees_.profile.set_tax_form_kind("W-8BEN-E");
  *payees_.profile.mutable_tax_form_date() = rpc::ToProto(Date(2009, 5, 31));
  Pay(4);
  AdvanceTo("2009-07-08");
  const v1::Statement statement = Close();
  ASSERT_EQ(Payouts().size(), 1u);
  const v1::Payout payout = Payouts()[0];
  EXPECT_EQ(payout.withheld().units(), 27);
  EXPECT_EQ(payout.amount().units(), 153);
  EXPECT_EQ(payout.region_code(), "IN");
  EXPECT_EQ(payout.tax_form_kind(), "W-8BEN-E");
  EXPECT_EQ(payout.withholding_rate(), of_form.name());

  ASSERT_OK_AND_ASSIGN(const v1::Explanation why, Explain(statement.name()));
  EXPECT_THAT(why.DebugString(), ::testing::HasSubstr("the rate of IN from 2009-01-01 for tax form W-8BEN-E"));
  EXPECT_THAT(why.DebugString(), ::testing::HasSubstr("153.00 USD"));
  ASSERT_OK_AND_ASSIGN(const v1::GetStatementDocumentResponse page, Print(statement.name()));
  EXPECT_THAT(page.html(), ::testing::HasSubstr("Withheld for tax, 15 %</td><td class=\"n\">27.00 USD"));
  EXPECT_THAT(page.html(), ::testing::HasSubstr("Sent</td><td class=\"n\">153.00 USD"));
  ASSERT_OK(Approve(payout.name()));
  ASSERT_OK(Send());
  EXPECT_EQ(CountRows("ledger_entries WHERE account = 'fee_withholding' AND credit_micros = 27000000"), 1);
  ExpectBalancedBooks();
}

TEST_F(StatementServiceTest, WhereSelfBillingIsAgreedThePartnersTaxIsPaidBesideTheTotal) {
  v1::CreateTaxRateRequest rate;
  rate.mutable_tax_rate()->set_region_code("DE");
  *rate.mutable_tax_rate()->mutable_effective_date() = rpc::ToProto(Date(2007, 1, 1));
  rate.mutable_tax_rate()->set_rate_ppm(190'000);
  rate.mutable_tax_rate()->set_rounding(v1::TaxRate::ROUNDING_HALF_UP);
  rate.mutable_tax_rate()->set_tax_date(v1::TaxRate::TAX_DATE_INVOICE_DATE);
  rate.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::TaxRateService::Stub::CreateTaxRate, rate));
  v1::CreateSelfBillingAgreementRequest agree;
  agree.set_parent(partner_);
  *agree.mutable_self_billing_agreement()->mutable_effective_date() = rpc::ToProto(Date(2009, 7, 1));
  agree.mutable_self_billing_agreement()->set_region_code("DE");
  agree.mutable_self_billing_agreement()->set_tax_id("DE123456789");
  agree.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::SelfBillingAgreement agreed,
                       Call(&v1::SelfBillingService::Stub::CreateSelfBillingAgreement, agree));
  Pay(1);
  AdvanceTo("2009-07-08");
  EXPECT_EQ(Close().disposition(), v1::Statement::DISPOSITION_CARRIED) << "45.00; its tax would reach the minimum";
  Pay(3);
  AdvanceTo("2009-10-08");
  const v1::Statement statement = Close();
  EXPECT_EQ(statement.total().units(), 180);
  ASSERT_EQ(Payouts().size(), 1u);
  const v1::Payout payout = Payouts()[0];
  EXPECT_EQ(payout.tax().units(), 34);
  EXPECT_EQ(payout.tax().nanos(), 200'000'000);
  EXPECT_EQ(payout.tax_rate_ppm(), 190'000);
  EXPECT_EQ(payout.self_billing_agreement(), agreed.name());
  EXPECT_EQ(payout.withheld().units(), 50) << "of the total alone";
  EXPECT_EQ(payout.amount().units(), 163);
  EXPECT_EQ(payout.amount().nanos(), 800'000'000);

  ASSERT_OK_AND_ASSIGN(const v1::Explanation why, Explain(statement.name()));
  EXPECT_THAT(why.DebugString(), ::testing::HasSubstr("of DE for an invoice of 2009-10-08"));
  EXPECT_THAT(why.DebugString(), ::testing::HasSubstr("agreed from 2009-07-01 on"));
  ASSERT_OK_AND_ASSIGN(const v1::GetStatementDocumentResponse page, Print(statement.name()));
  EXPECT_THAT(page.html(), ::testing::HasSubstr(
                               "Self-billed invoice, tax id DE123456789: tax of DE, 19 %</td><td class=\"n\">34.20"));
  ASSERT_OK(Approve(payout.name()));
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse file, Send());
  EXPECT_THAT(file.csv(), ::testing::HasSubstr(",USD,163.80\r\n"));
  ASSERT_OK(Answer(payout.name(), v1::RecordPayoutAnswerRequest::OUTCOME_RETURNED));
  EXPECT_EQ(CountRows("ledger_entries WHERE account = 'input_tax/DE' AND debit_micros = 34200000"), 1);
  EXPECT_EQ(CountRows("ledger_entries WHERE account = 'input_tax/DE' AND credit_micros = 34200000"), 1);
  ExpectBalancedBooks();
}

TEST_F(StatementServiceTest, OperatorsListThePayoutsAndStatementsOfAllPartners) {
  Pay(4);
  AdvanceTo("2009-07-08");
  const v1::Statement statement = Close();
  v1::ListPayoutsRequest payouts;
  payouts.set_parent("partners/-");
  payouts.set_filter("state = PENDING");
  ASSERT_OK_AND_ASSIGN(const v1::ListPayoutsResponse pending, Call(&v1::PayoutService::Stub::ListPayouts, payouts));
  ASSERT_EQ(pending.payouts_size(), 1);
  EXPECT_EQ(pending.payouts(0).statement(), statement.name());
  v1::ListStatementsRequest statements;
  statements.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const v1::ListStatementsResponse closed,
                       Call(&v1::StatementService::Stub::ListStatements, statements));
  ASSERT_EQ(closed.statements_size(), 1);
  EXPECT_EQ(closed.statements(0).name(), statement.name());
  EXPECT_THAT(Call(&v1::PayoutService::Stub::ListPayouts, payouts, partner_), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Call(&v1::StatementService::Stub::ListStatements, statements, partner_), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(StatementServiceTest, WhatHasNoPayeeIsHeldAndPaidOutOnceThereIsOne) {
  payees_.profile.set_currency_code("EUR");
  Pay(2);
  AdvanceTo("2009-07-08");
  const v1::Statement held = Close();
  EXPECT_EQ(held.disposition(), v1::Statement::DISPOSITION_HELD);
  EXPECT_TRUE(Payouts().empty());
  payees_.profile.set_currency_code("USD");
  EXPECT_EQ(Close().name(), "") << "nothing is left to close";
  ASSERT_EQ(Payouts().size(), 1u);
  EXPECT_EQ(Payouts()[0].statement(), held.name());
  Close();
  EXPECT_EQ(Payouts().size(), 1u) << "paid out once";
}

TEST_F(StatementServiceTest, AClosingThatStopsOnTheWayGoesOnFromThere) {
  Pay(2);
  AdvanceTo("2009-07-08");
  payees_.status = absl::UnavailableError("down");
  v1::CloseStatementsRequest request;
  request.set_parent(partner_);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::StatementService::Stub::CloseStatements, request), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(CountRows("statements WHERE state = 'OPEN' AND line_count = 2"), 1);
  payees_.status = absl::OkStatus();
  AdvanceTo("2009-07-20");
  Pay(1);
  EXPECT_EQ(Close().line_count(), 2) << "what comes in July belongs to the next";
  AdvanceTo("2009-10-08");
  EXPECT_EQ(Close().line_count(), 1);
}

TEST_F(StatementServiceTest, TheWorkerClosesEachQuarterOnceFromItsSeventhDayOn) {
  Pay(2);
  AdvanceTo("2009-07-07");
  RunWorker();
  EXPECT_EQ(CountRows("statements"), 0);
  AdvanceTo("2009-07-08");
  RunWorker();
  RunWorker();
  EXPECT_EQ(CountRows("statements WHERE state = 'CLOSED' AND line_count = 2"), 1);
  EXPECT_EQ(CountRows("payouts WHERE state = 'PENDING'"), 1);
}

TEST_F(StatementServiceTest, WhatWasCarriedIsPaidWhenThePartnerIsTerminated) {
  Pay(1);
  AdvanceTo("2009-07-08");
  EXPECT_EQ(Close().disposition(), v1::Statement::DISPOSITION_CARRIED);
  AdvanceTo("2009-08-10");
  Terminate();
  RunWorker();
  EXPECT_EQ(CountRows("statements"), 1) << "its last quarter is not over";
  AdvanceTo("2009-10-08");
  RunWorker();
  RunWorker();
  EXPECT_EQ(CountRows("statements WHERE disposition = 'PAYABLE' AND is_final = 1 AND line_count = 0 AND number = 2 "
                      "AND carried_in_micros = 45000000"),
            1);
  EXPECT_EQ(CountRows("statements"), 2);
  EXPECT_EQ(CountRows("payouts WHERE total_micros = 45000000"), 1);
}

TEST_F(StatementServiceTest, ANegativeBalanceOfATerminatedPartnerIsReceivableLongAfterItsLastEntry) {
  Pay(2);
  AdvanceTo("2009-07-08");
  EXPECT_EQ(Close().disposition(), v1::Statement::DISPOSITION_PAYABLE);
  Bounce(2);
  AdvanceTo("2009-10-08");
  EXPECT_EQ(Close().disposition(), v1::Statement::DISPOSITION_CARRIED);
  AdvanceTo("2011-08-10");
  Terminate();
  AdvanceTo("2011-10-08");
  RunWorker();
  EXPECT_EQ(CountRows("statements WHERE disposition = 'RECEIVABLE' AND carried_in_micros = -90000000 "
                      "AND period_start_date = '2011-07-01'"),
            1);
  EXPECT_EQ(Close().name(), "") << "nothing is left";
}

TEST_F(StatementServiceTest, WhatIsHeldIsPaidOutByTheWorkerYearsAfterTheLastEntry) {
  payees_.profile.set_currency_code("EUR");
  Pay(2);
  AdvanceTo("2009-07-08");
  EXPECT_EQ(Close().disposition(), v1::Statement::DISPOSITION_HELD);
  AdvanceTo("2011-08-10");
  payees_.profile.set_currency_code("USD");
  RunWorker();
  RunWorker();
  EXPECT_EQ(CountRows("payouts WHERE total_micros = 90000000"), 1);
}

TEST_F(StatementServiceTest, AFeeThatWasHeldForYearsIsStatedAfterItsRelease) {
  SetState(1, partner::v1::Partner::STATE_SUSPENDED);
  Pay(2);
  AdvanceTo("2009-07-08");
  RunWorker();
  EXPECT_EQ(CountRows("statements"), 0) << "it is held";
  AdvanceTo("2011-08-10");
  SetState(2, partner::v1::Partner::STATE_ACTIVE);
  Drain();
  RunWorker();
  EXPECT_EQ(CountRows("statements WHERE line_count = 2 AND period_start_date = '2009-04-01'"), 1);
  EXPECT_EQ(CountRows("payouts WHERE total_micros = 90000000"), 1);
  EXPECT_EQ(CountRows("fees WHERE stated = 1"), 2) << "no closing reads them again";
}

TEST_F(StatementServiceTest, LinesDocumentAndCsvSayTheSame) {
  Pay(1);
  AdvanceTo("2009-07-08");
  const std::string name = Close().name();
  v1::ListStatementLinesRequest list;
  list.set_parent(name);
  ASSERT_OK_AND_ASSIGN(const auto lines, Call(&v1::StatementService::Stub::ListStatementLines, list, partner_));
  ASSERT_EQ(lines.statement_lines_size(), 1);
  const v1::StatementLine& line = lines.statement_lines(0);
  EXPECT_EQ(line.line(), 1);
  EXPECT_EQ(line.offer_title(), "BPOS Standard Suite");
  EXPECT_TRUE(absl::StartsWith(line.order(), partner_ + "/orders/"));
  EXPECT_EQ(line.explanation(), "375.00 USD × 12 % × 30/30 days = 45.00 USD");
  EXPECT_EQ(line.customer_display_name(), "Fabrikam <Seattle>");
  EXPECT_EQ(line.partner_reference(), "crm-order-1");
  EXPECT_EQ(line.order_number(), "CS-order-1");

  v1::ExportStatementRequest export_request;
  export_request.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto csv, Call(&v1::StatementService::Stub::ExportStatement, export_request, partner_));
  EXPECT_THAT(csv.csv(), ::testing::HasSubstr(",BPOS Standard Suite,2009-06-01,2009-07-01,12,45.00,USD,"));
  EXPECT_THAT(csv.csv(), ::testing::HasSubstr(",customer,partner_reference,order_number\r\n"));
  EXPECT_THAT(csv.csv(), ::testing::HasSubstr(",Fabrikam <Seattle>,crm-order-1,CS-order-1\r\n"));
  ASSERT_OK_AND_ASSIGN(const v1::GetStatementDocumentResponse page, Print(name));
  EXPECT_THAT(page.html(), ::testing::HasSubstr("The total of 45.00 USD is below the minimum of 50.00 USD"));
  EXPECT_THAT(page.html(), ::testing::HasSubstr("Fabrikam &lt;Seattle&gt;"));
  EXPECT_THAT(page.html(), ::testing::HasSubstr("CS-order-1"));
  EXPECT_THAT(page.html(), ::testing::Not(::testing::HasSubstr("<script")));
  const std::string other = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
  EXPECT_THAT(Call(&v1::StatementService::Stub::ExportStatement, export_request, other),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(StatementServiceTest, ALineNamesTheOrderByWhichItsPartnerBecameOneOfRecord) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse began, Activate(OrderRequest("began")));
  v1::CreateTransferCodeRequest code;
  code.set_parent(began.subscriptions(0));
  code.set_transfer_code_id(kId);
  code.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::TransferCodeService::Stub::CreateTransferCode, code));
  const std::string other = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
  v1::ActivateOrderRequest change = OrderRequest("change");
  change.set_order(absl::StrCat(other, "/orders/", Uuid::Derived({"change"}).ToString()));
  change.set_partner_of_record(other);
  change.set_kind(v1::ActivateOrderRequest::KIND_CHANGE_PARTNER);
  change.clear_billing_period_months();
  change.clear_term_months();
  change.clear_lines();
  change.add_lines()->set_subscription(began.subscriptions(0));
  change.mutable_lines(0)->set_transfer_code(absl::StrCat(account_, "/transferCodes/", kId));
  change.set_customer_display_name("Fabrikam, as the other names it");
  ASSERT_OK(Activate(change));
  // The July of the first subscription is billed with an order of that day.
  SetDay(Date(2009, 7, 1));
  v1::ActivateOrderRequest second = OrderRequest("second");
  *second.mutable_start_date() = rpc::ToProto(DateOf(clock_.Now()));
  *second.mutable_confirm_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse july, Activate(second));
  ASSERT_EQ(july.invoices_size(), 1);
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(750, "BANK-7", july.invoices(0))));
  Drain();
  AdvanceTo("2009-10-08");
  v1::CloseStatementsRequest close;
  close.set_parent(other);
  close.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const auto closed, Call(&v1::StatementService::Stub::CloseStatements, close));
  ASSERT_EQ(closed.statements_size(), 1);
  v1::ListStatementLinesRequest list;
  list.set_parent(closed.statements(0));
  ASSERT_OK_AND_ASSIGN(const auto lines, Call(&v1::StatementService::Stub::ListStatementLines, list, other));
  ASSERT_EQ(lines.statement_lines_size(), 1);
  EXPECT_EQ(lines.statement_lines(0).amount().units(), 45);
  EXPECT_EQ(lines.statement_lines(0).subscription(), began.subscriptions(0));
  EXPECT_EQ(lines.statement_lines(0).order(), change.order());
  EXPECT_EQ(lines.statement_lines(0).order_number(), "CS-change");
  EXPECT_EQ(lines.statement_lines(0).customer_display_name(), "Fabrikam, as the other names it");
}

}  // namespace
}  // namespace countersign::billing
