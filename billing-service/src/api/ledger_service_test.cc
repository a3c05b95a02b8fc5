#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/store/posted_sum_store.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/events/change.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/ledger_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;

class LedgerServiceTest : public ApiTest {
 protected:
  absl::StatusOr<v1::TrialBalanceResponse> Trial(Date date, const std::string& currency = "USD") {
    v1::TrialBalanceRequest request;
    request.set_currency_code(currency);
    *request.mutable_date() = rpc::ToProto(date);
    return Call(&v1::LedgerService::Stub::TrialBalance, request);
  }
  absl::StatusOr<v1::AgedReceivablesResponse> Aged(const std::string& currency = "USD", int page_size = 0,
                                                   const std::string& page_token = "") {
    v1::AgedReceivablesRequest request;
    request.set_currency_code(currency);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return Call(&v1::LedgerService::Stub::AgedReceivables, request);
  }
  std::string Csv(Date date) {
    v1::ExportTrialBalanceRequest request;
    request.set_currency_code("USD");
    *request.mutable_date() = rpc::ToProto(date);
    const absl::StatusOr<v1::ExportTrialBalanceResponse> reply =
        Call(&v1::LedgerService::Stub::ExportTrialBalance, request);
    EXPECT_OK(reply);
    return reply.ok() ? reply->csv() : "";
  }
  // An order of another account, confirmed on `date`.
  v1::ActivateOrderRequest OrderOf(absl::string_view account, absl::string_view order, Date date) const {
    v1::ActivateOrderRequest request = OrderRequest(order);
    request.set_billing_account(absl::StrCat("billingAccounts/", Uuid::Derived({account}).ToString()));
    *request.mutable_start_date() = rpc::ToProto(date);
    *request.mutable_confirm_time() = rpc::ToProto(StartOf(date) + absl::Hours(8));
    return request;
  }
  static int64_t Count(const std::string& of) {
    return database_->Query(absl::StrCat("SELECT COUNT(*) FROM ", of), {}).at(0).Int(0);
  }
  // The worker does what it does every half minute.
  void SumUp() const {
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "sums") continue;
      for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
        ASSERT_OK(task.run(bucket, testing::TestDeadline()));
      }
    }
  }
  static constexpr char kHeader[] = "account,debit,credit,balance,currency\r\n";

  static int64_t Units(const v1::TrialBalanceResponse& trial, absl::string_view account) {
    for (const v1::TrialBalanceResponse::Account& other : trial.accounts()) {
      if (other.account() == account) return other.balance().units();
    }
    return 0;
  }
};

TEST_F(LedgerServiceTest, ABalanceIsOfEverythingUpToItsDay) {
  const std::string invoice = OpenInvoice();
  SetDay(Date(2009, 6, 20));
  v1::CreateBankReceiptRequest receipt = ReceiptRequest(300, "BANK-1");
  *receipt.mutable_bank_receipt()->mutable_value_date() = rpc::ToProto(Date(2009, 6, 20));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, receipt));
  Drain();

  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse before, Trial(Date(2009, 6, 19)));
  EXPECT_EQ(Units(before, "accounts_receivable"), 375);
  EXPECT_EQ(Units(before, "bank_clearing"), 0);
  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse after, Trial(Date(2009, 6, 20)));
  EXPECT_EQ(Units(after, "accounts_receivable"), 75);
  EXPECT_EQ(Units(after, "bank_clearing"), 300);
  EXPECT_EQ(Units(after, "revenue"), -375);
  EXPECT_EQ(after.debit().units(), 675);
  EXPECT_EQ(after.credit().units(), 675);
  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse yen, Trial(Date(2009, 6, 20), "JPY"));
  EXPECT_EQ(yen.accounts_size(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse earlier, Trial(Date(2009, 5, 31)));
  EXPECT_EQ(earlier.accounts_size(), 0);
}

TEST_F(LedgerServiceTest, WhatIsOwedMovesThroughTheAges) {
  OpenInvoice();
  const auto units_on = [&](Date day) {
    SetDay(day);
    const absl::StatusOr<v1::AgedReceivablesResponse> aged = Aged();
    EXPECT_OK(aged);
    std::vector<int64_t> units;
    if (!aged.ok()) return units;
    for (const auto& bracket : aged->sum().brackets()) units.push_back(bracket.amount().units());
    EXPECT_EQ(aged->sum().total().units(), 375);
    return units;
  };
  EXPECT_EQ(units_on(Date(2009, 7, 1)), (std::vector<int64_t>{375, 0, 0, 0, 0})) << "due today";
  EXPECT_EQ(units_on(Date(2009, 7, 2)), (std::vector<int64_t>{0, 375, 0, 0, 0}));
  EXPECT_EQ(units_on(Date(2009, 8, 1)), (std::vector<int64_t>{0, 0, 375, 0, 0}));
  EXPECT_EQ(units_on(Date(2010, 1, 1)), (std::vector<int64_t>{0, 0, 0, 0, 375}));
}

TEST_F(LedgerServiceTest, WhatIsOwedIsTheBooksReceivable) {
  const std::string lost = OpenInvoice("first");
  const std::string voided = OpenInvoice("second");
  OpenInvoice("third");
  v1::MarkInvoiceUncollectibleRequest give_up;
  give_up.set_name(lost);
  give_up.set_reason("The company was dissolved.");
  give_up.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::InvoiceService::Stub::MarkInvoiceUncollectible, give_up));
  v1::VoidInvoiceRequest withdraw;
  withdraw.set_name(voided);
  withdraw.set_reason("Sent by mistake.");
  withdraw.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::InvoiceService::Stub::VoidInvoice, withdraw));

  ASSERT_OK_AND_ASSIGN(const v1::AgedReceivablesResponse aged, Aged());
  EXPECT_EQ(aged.sum().uncollectible().units(), 375);
  EXPECT_EQ(aged.sum().uncollectible_count(), 1);
  EXPECT_EQ(aged.sum().brackets(0).invoice_count(), 1);
  EXPECT_EQ(aged.sum().total().units(), 750);
  ASSERT_EQ(aged.accounts_size(), 1);
  EXPECT_EQ(aged.accounts(0).billing_account(), account_);
  EXPECT_EQ(aged.accounts(0).total().units(), 750);
  EXPECT_EQ(aged.next_page_token(), "");
  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse trial, Trial(Date(2100, 1, 1)));
  EXPECT_EQ(Units(trial, "accounts_receivable"), 750);
  ASSERT_OK_AND_ASSIGN(const v1::AgedReceivablesResponse yen, Aged("JPY"));
  EXPECT_EQ(yen.accounts_size(), 0);
  EXPECT_EQ(yen.sum().total().units(), 0);
  EXPECT_EQ(yen.sum().total().currency_code(), "JPY");
}

TEST_F(LedgerServiceTest, ABalanceIsTheSameBeforeAndAfterTheWorkerHasSummed) {
  ASSERT_OK(Activate(OrderRequest("first")));
  SetDay(Date(2009, 7, 2));
  ASSERT_OK(Activate(OrderOf("another", "second", Date(2009, 7, 2))));
  const Date days[] = {Date(2009, 5, 31), Date(2009, 6, 1), Date(2009, 6, 30), Date(2009, 7, 1), Date(2009, 7, 2)};
  std::vector<std::string> before;
  for (const Date day : days) before.push_back(Csv(day));
  EXPECT_EQ(before[0], kHeader);
  EXPECT_EQ(before[1], before[3]);
  EXPECT_EQ(before[4], absl::StrCat(kHeader, "accounts_receivable,750.00,0.00,750.00,USD\r\n",
                                    "revenue,0.00,750.00,-750.00,USD\r\n"));
  EXPECT_EQ(Count("ledger_transactions WHERE unsummed_bucket IS NOT NULL"), 2);
  SumUp();
  EXPECT_EQ(Count("ledger_transactions WHERE unsummed_bucket IS NOT NULL"), 0);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(Csv(days[i]), before[i]) << FormatDate(days[i]);
  SumUp();
  EXPECT_EQ(Csv(days[4]), before[4]) << "nothing is added twice";
}

TEST_F(LedgerServiceTest, ATrialBalanceReadsNoMoreRowsForMoreInvoicesOfADay) {
  ASSERT_OK(Activate(OrderRequest("first")));
  SumUp();
  const int64_t rows = Count("posted_sums");
  EXPECT_EQ(rows, 4) << "two accounts, by day and by month";
  for (const char* order : {"second", "third", "fourth"}) ASSERT_OK(Activate(OrderRequest(order)));
  SumUp();
  EXPECT_EQ(Count("posted_sums"), rows);
  EXPECT_EQ(Count("ledger_transactions WHERE unsummed_bucket IS NOT NULL"), 0);
  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse trial, Trial(Date(2009, 6, 1)));
  EXPECT_EQ(Units(trial, "accounts_receivable"), 4 * 375);
}

TEST_F(LedgerServiceTest, AnOperatorSeesALedgerThatDoesNotBalance) {
  ASSERT_OK(Activate(OrderRequest("first")));
  SumUp();
  EXPECT_EQ(FigureNamed("countersign_ledger_difference_micros"), 0);
  database_->Execute("UPDATE posted_sums SET debit_micros = debit_micros + 7 WHERE span = 'MONTH' LIMIT 1");
  EXPECT_EQ(FigureNamed("countersign_ledger_difference_micros"), 7);
}

TEST_F(LedgerServiceTest, WorkersThatSumTheSameTransactionsAddThemOnce) {
  for (int order = 0; order < 60; ++order) ASSERT_OK(Activate(OrderRequest(absl::StrCat("order ", order))));
  const PostedSumStore sums(database_->database());
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker) {
    workers.emplace_back([&] {
      for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
        absl::StatusOr<int64_t> added = 1;
        while (IsLostRace(added.status()) || (added.ok() && *added > 0)) {
          added = sums.AddUnsummed(testing::TestDeadline(), bucket, /*max=*/25);
        }
        EXPECT_OK(added);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(Count("ledger_transactions WHERE unsummed_bucket IS NOT NULL"), 0);
  ASSERT_OK_AND_ASSIGN(const v1::TrialBalanceResponse trial, Trial(Date(2009, 6, 1)));
  EXPECT_EQ(Units(trial, "accounts_receivable"), 60 * 375);
  EXPECT_EQ(Units(trial, "revenue"), -60 * 375);
}

TEST_F(LedgerServiceTest, APageOfReceivablesLooksAtSoManyAccountsAndEveryAccountComesOnce) {
  for (const char* account : {"a", "b", "c"}) ASSERT_OK(Activate(OrderOf(account, account, Date(2009, 6, 1))));
  std::vector<std::string> names;
  std::string csv;
  std::string token;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::AgedReceivablesResponse page, Aged("USD", 2, token));
    EXPECT_LE(page.accounts_size(), 2);
    EXPECT_EQ(page.sum().total().units(), 375 * page.accounts_size());
    for (const auto& account : page.accounts()) names.push_back(account.billing_account());
    token = page.next_page_token();
    ++pages;
  } while (!token.empty() && pages < 9);
  EXPECT_EQ(pages, 2);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()) - names.begin(), 3);
}

TEST_F(LedgerServiceTest, ReceivablesAreExportedWithTheNamesOfTheColumnsOnce) {
  for (const char* account : {"a", "b"}) ASSERT_OK(Activate(OrderOf(account, account, Date(2009, 6, 1))));
  SetDay(Date(2009, 7, 2));
  v1::ExportAgedReceivablesRequest request;
  request.set_currency_code("USD");
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ExportAgedReceivablesResponse first,
                       Call(&v1::LedgerService::Stub::ExportAgedReceivables, request));
  EXPECT_TRUE(absl::StartsWith(first.csv(), "account_number,billing_account,not_overdue,days_1_to_30,"));
  EXPECT_TRUE(absl::EndsWith(first.csv(), ",0.00,375.00,0.00,0.00,0.00,0.00,375.00,USD\r\n")) << first.csv();
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ExportAgedReceivablesResponse second,
                       Call(&v1::LedgerService::Stub::ExportAgedReceivables, request));
  EXPECT_EQ(std::count(second.csv().begin(), second.csv().end(), '\n'), 1) << second.csv();
  request.set_currency_code("JPY");
  EXPECT_THAT(Call(&v1::LedgerService::Stub::ExportAgedReceivables, request), HasReason("INVALID_FIELD"))
      << "a token of another report";
}

TEST_F(LedgerServiceTest, NamesTheBadFields) {
  ExpectViolations(Call(&v1::LedgerService::Stub::TrialBalance, v1::TrialBalanceRequest()).status(),
                   {"currency_code", "date"});
  ExpectViolations(Call(&v1::LedgerService::Stub::ExportTrialBalance, v1::ExportTrialBalanceRequest()).status(),
                   {"currency_code", "date"});
  ExpectViolations(Aged("usd", -1, "forged").status(), {"currency_code", "page_size", "page_token"});
}

TEST_F(LedgerServiceTest, RevenueAndFeesAreReportedByMonthBeforeAndAfterTheyAreSummed) {
  OpenInvoice();
  SetDay(Date(2009, 7, 1));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  Drain();
  v1::ExportRevenueByMonthRequest revenue;
  revenue.set_currency_code("USD");
  *revenue.mutable_start_date() = rpc::ToProto(Date(2009, 6, 30));
  *revenue.mutable_end_date() = rpc::ToProto(Date(2009, 7, 1));
  v1::FeesByMonthRequest fees;
  fees.set_currency_code("USD");
  *fees.mutable_start_date() = revenue.start_date();
  *fees.mutable_end_date() = revenue.end_date();
  const int64_t unsummed = Count("ledger_transactions WHERE unsummed_bucket IS NOT NULL");
  EXPECT_GT(unsummed, 0);
  for (const bool summed : {false, true}) {
    if (summed) SumUp();
    ASSERT_OK_AND_ASSIGN(const v1::ExportRevenueByMonthResponse csv,
                         Call(&v1::LedgerService::Stub::ExportRevenueByMonth, revenue));
    EXPECT_EQ(csv.csv(),
              "month,invoiced,credited,net,tax,currency\r\n2009-06-01,375.00,0.00,375.00,0.00,USD\r\n"
              "2009-07-01,0.00,0.00,0.00,0.00,USD\r\n");
    ASSERT_OK_AND_ASSIGN(const v1::FeesByMonthResponse months, Call(&v1::LedgerService::Stub::FeesByMonth, fees));
    ASSERT_EQ(months.months_size(), 2);
    EXPECT_EQ(months.months(0).accrued().units(), 0);
    EXPECT_EQ(months.months(1).accrued().units(), 45);
    EXPECT_EQ(months.months(1).reversed().units(), 0);
  }
  *fees.mutable_end_date() = rpc::ToProto(Date(2019, 6, 1));
  ExpectViolations(Call(&v1::LedgerService::Stub::FeesByMonth, fees).status(), {"end_date"});
  ExpectViolations(Call(&v1::LedgerService::Stub::RevenueByMonth, v1::RevenueByMonthRequest()).status(),
                   {"currency_code", "start_date", "end_date"});
}

}  // namespace
}  // namespace countersign::billing
