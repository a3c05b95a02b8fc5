// The statement of a ledger account, through the real server.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/store/posted_entry_store.h"
#include "common/base/date.h"
#include "common/events/change.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/ledger_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using StatementRequest = v1::AccountStatementRequest;
using LedgerStatement = v1::AccountStatementResponse;

class AccountStatementTest : public ApiTest {
 protected:
  // Of its own, because what other suites did to the tables would change the server's plans.
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(AllMigrations()); }
  static void TearDownTestSuite() { delete std::exchange(database_, nullptr); }

  static StatementRequest RequestOf(const std::string& account, Date start, Date end,
                                    const std::string& customer = "") {
    StatementRequest request;
    request.set_account(account);
    request.set_currency_code("USD");
    request.set_billing_account(customer);
    *request.mutable_start_date() = rpc::ToProto(start);
    *request.mutable_end_date() = rpc::ToProto(end);
    return request;
  }
  absl::StatusOr<LedgerStatement> Read(const StatementRequest& request) {
    return Call(&v1::LedgerService::Stub::AccountStatement, request);
  }
  // The balance in units that the trial balance has.
  int64_t BalanceOn(Date date, absl::string_view account) {
    v1::TrialBalanceRequest request;
    request.set_currency_code("USD");
    *request.mutable_date() = rpc::ToProto(date);
    const auto trial = Call(&v1::LedgerService::Stub::TrialBalance, request);
    EXPECT_OK(trial);
    if (!trial.ok()) return 0;
    for (const auto& other : trial->accounts()) {
      if (other.account() == account) return other.balance().units();
    }
    return 0;
  }
  // Another customer orders on `date`, which is today.
  std::string OrderOf(absl::string_view customer, Date date) {
    v1::ActivateOrderRequest request = OrderRequest(customer);
    request.set_billing_account(absl::StrCat("billingAccounts/", Uuid::Derived({customer}).ToString()));
    *request.mutable_start_date() = rpc::ToProto(date);
    *request.mutable_confirm_time() = rpc::ToProto(StartOf(date) + absl::Hours(8));
    EXPECT_OK(Activate(request));
    return request.billing_account();
  }
  void Receive(int64_t units, const std::string& reference, Date value_date) {
    v1::CreateBankReceiptRequest receipt = ReceiptRequest(units, reference);
    *receipt.mutable_bank_receipt()->mutable_value_date() = rpc::ToProto(value_date);
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, receipt));
    Drain();
  }
  // As the worker does every half minute.
  void SumUp() const {
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "sums") continue;
      for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
        ASSERT_OK(task.run(bucket, testing::TestDeadline()));
      }
    }
  }
  // account_ is invoiced 375.00 on 06-01, pays 300.00 on 06-20, and another customer is invoiced 375.00 on 07-02.
  void TellStory() {
    OpenInvoice();
    SetDay(Date(2009, 6, 20));
    Receive(300, "BANK-1", Date(2009, 6, 20));
    SetDay(Date(2009, 7, 2));
    other_ = OrderOf("other", Date(2009, 7, 2));
  }

  std::string other_;
};

constexpr char kReceivable[] = "accounts_receivable";

TEST_F(AccountStatementTest, OpeningAndEntriesMakeTheClosingBalance) {
  TellStory();
  ASSERT_OK_AND_ASSIGN(const LedgerStatement statement,
                       Read(RequestOf(kReceivable, Date(2009, 6, 2), Date(2009, 7, 2))));
  EXPECT_EQ(statement.opening_balance().units(), 375);
  ASSERT_EQ(statement.entries_size(), 2);
  EXPECT_EQ(statement.entries(0).act(), "PAYMENT_SUCCEEDED");
  EXPECT_EQ(statement.entries(0).tenant(), account_);
  EXPECT_EQ(statement.entries(0).date().day(), 20);
  EXPECT_EQ(statement.entries(0).credit().units(), 300);
  EXPECT_EQ(statement.entries(0).balance().units(), 75);
  EXPECT_EQ(statement.entries(1).act(), "INVOICE_OPENED");
  EXPECT_EQ(statement.entries(1).tenant(), other_);
  EXPECT_EQ(statement.entries(1).debit().units(), 375);
  EXPECT_EQ(statement.debit().units(), 375);
  EXPECT_EQ(statement.credit().units(), 300);
  EXPECT_EQ(statement.closing_balance().units(), 450);
  EXPECT_EQ(statement.closing_balance().units(), BalanceOn(Date(2009, 7, 2), kReceivable));
  EXPECT_EQ(statement.next_page_token(), "");
  ASSERT_OK_AND_ASSIGN(const LedgerStatement later, Read(RequestOf(kReceivable, Date(2009, 7, 3), Date(2009, 7, 3))));
  EXPECT_EQ(later.opening_balance().units(), 450);
  EXPECT_EQ(later.entries_size(), 0);
  EXPECT_EQ(later.closing_balance().units(), 450);
}

TEST_F(AccountStatementTest, ACustomersStatementHasItsOwnEntriesOnlyBeforeAndAfterTheWorkerHasSummed) {
  TellStory();
  Receive(50, "BANK-2", Date(2009, 5, 31));  // Entered late: it counts for May.
  for (const bool summed : {false, true}) {
    if (summed) SumUp();
    ASSERT_OK_AND_ASSIGN(const LedgerStatement june,
                         Read(RequestOf(kReceivable, Date(2009, 6, 1), Date(2009, 6, 30), account_)));
    EXPECT_EQ(june.opening_balance().units(), -50) << summed;
    EXPECT_EQ(june.entries_size(), 2);
    EXPECT_EQ(june.closing_balance().units(), 25);
    ASSERT_OK_AND_ASSIGN(const LedgerStatement july,
                         Read(RequestOf(kReceivable, Date(2009, 7, 2), Date(2009, 7, 31), account_)));
    EXPECT_EQ(july.opening_balance().units(), 25) << summed;
    EXPECT_EQ(july.entries_size(), 0);
    ASSERT_OK_AND_ASSIGN(const LedgerStatement others,
                         Read(RequestOf(kReceivable, Date(2009, 7, 1), Date(2009, 7, 31), other_)));
    EXPECT_EQ(others.opening_balance().units(), 0);
    EXPECT_EQ(others.closing_balance().units(), 375);
    ASSERT_OK_AND_ASSIGN(const LedgerStatement midmonth,
                         Read(RequestOf(kReceivable, Date(2009, 6, 20), Date(2009, 6, 20), account_)));
    EXPECT_EQ(midmonth.opening_balance().units(), 325) << summed;
    EXPECT_EQ(midmonth.closing_balance().units(), 25);
  }
}

TEST_F(AccountStatementTest, PagesGoOnWhereTheOneBeforeEnded) {
  TellStory();
  for (const char* customer : {"a", "b", "c", "d"}) OrderOf(customer, Date(2009, 7, 2));
  Receive(75, "BANK-2", Date(2009, 7, 2));
  for (const std::string& customer : {std::string(), account_}) {
    StatementRequest request = RequestOf(kReceivable, Date(2009, 6, 1), Date(2009, 7, 31), customer);
    ASSERT_OK_AND_ASSIGN(const LedgerStatement whole, Read(request));
    EXPECT_EQ(whole.entries_size(), customer.empty() ? 8 : 3);
    for (const int size : {1, 2, 3}) {
      request.set_page_size(size);
      request.clear_page_token();
      int64_t balance = 0;
      std::vector<std::string> entries;
      do {
        ASSERT_OK_AND_ASSIGN(const LedgerStatement page, Read(request));
        EXPECT_LE(page.entries_size(), size);
        EXPECT_EQ(page.opening_balance().units(), balance);
        balance = page.closing_balance().units();
        for (const LedgerStatement::Entry& entry : page.entries()) entries.push_back(entry.SerializeAsString());
        request.set_page_token(page.next_page_token());
      } while (!request.page_token().empty() && entries.size() < 9);
      std::vector<std::string> expected;
      for (const LedgerStatement::Entry& entry : whole.entries()) expected.push_back(entry.SerializeAsString());
      EXPECT_EQ(entries, expected) << size;
      EXPECT_EQ(balance, whole.closing_balance().units());
    }
    if (customer.empty()) EXPECT_EQ(whole.closing_balance().units(), BalanceOn(Date(2009, 7, 31), kReceivable));
  }
}

TEST_F(AccountStatementTest, TheExportHasTheBalancesAtBothEnds) {
  TellStory();
  v1::ExportAccountStatementRequest request;
  request.set_account("bank_clearing");
  request.set_currency_code("USD");
  *request.mutable_start_date() = rpc::ToProto(Date(2009, 6, 1));
  *request.mutable_end_date() = rpc::ToProto(Date(2009, 6, 30));
  ASSERT_OK_AND_ASSIGN(const v1::ExportAccountStatementResponse reply,
                       Call(&v1::LedgerService::Stub::ExportAccountStatement, request));
  EXPECT_TRUE(absl::StartsWith(reply.csv(),
                               "date,act,tenant,subject,debit,credit,balance,currency\r\n"
                               "2009-06-01,OPENING_BALANCE,,,,,0.00,USD\r\n2009-06-20,PAYMENT_SUCCEEDED,"))
      << reply.csv();
  EXPECT_TRUE(absl::EndsWith(reply.csv(), ",300.00,0.00,300.00,USD\r\n2009-06-30,CLOSING_BALANCE,,,,,300.00,USD\r\n"))
      << reply.csv();
}

TEST_F(AccountStatementTest, ReadsEntriesAlongAnIndexAndNoHistory) {
  TellStory();
  const EntriesOf all{.account = kReceivable, .currency = "USD"};
  const EntriesOf one{.account = kReceivable, .currency = "USD", .tenant = Uuid::Derived({"account"})};
  for (const EntriesOf& of : {all, one}) {
    const mysql::PageStatement statement =
        PostedEntryStore::ListStatement(of, {.date = Date(2009, 6, 1)}, Date(2009, 7, 31), 10);
    // A table or a text, as the server likes it.
    std::string plan;
    for (const mysql::Row& row : database_->Query("EXPLAIN " + statement.sql, statement.parameters)) {
      std::string line;
      for (int column = 0; row.Has(column); ++column) absl::StrAppend(&line, row.Bytes(column), "|");
      EXPECT_TRUE(!absl::StrContains(line, "|ALL|") || absl::StrContains(line, "<")) << line;  // Of the union it may.
      EXPECT_FALSE(absl::StrContains(line, "Table scan on ledger")) << line;
      absl::StrAppend(&plan, line, "\n");
    }
    EXPECT_TRUE(absl::StrContains(plan, "range")) << plan;
    const char* const index = of.tenant.has_value() ? "ledger_transactions_by_day" : "ledger_entries_by_account";
    const std::vector<std::string> uses = absl::StrSplit(plan, index);
    EXPECT_GT(uses.size(), of.tenant.has_value() ? 1U : 3U) << plan;
  }
}

TEST_F(AccountStatementTest, NamesTheBadFields) {
  ExpectViolations(Read(StatementRequest()).status(), {"account", "currency_code", "start_date", "end_date"});
  StatementRequest request = RequestOf("sundry", Date(2009, 7, 1), Date(2009, 6, 30), "billingAccounts/x");
  request.set_page_size(-1);
  request.set_page_token("forged");
  ExpectViolations(Read(request).status(), {"account", "billing_account", "end_date", "page_size", "page_token"});
  const StatementRequest unknown = RequestOf(kReceivable, Date(2009, 6, 1), Date(2009, 6, 1), account_);
  EXPECT_THAT(Read(unknown), HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  EXPECT_OK(Read(RequestOf("tax_payable/DE", Date(2009, 6, 1), Date(2009, 6, 1))));
}

}  // namespace
}  // namespace countersign::billing
