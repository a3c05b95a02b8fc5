#include "billing-service/src/domain/account_statement.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

Money Dollars(int64_t units) { return *Money::FromMicros(units * 1'000'000, "USD"); }

PostedEntry EntryOf(int64_t debit, int64_t credit) {
  return {.date = Date(2009, 6, 1),
          .tenant = Uuid::Derived({"tenant"}),
          .transaction = Uuid::Derived({"transaction"}),
          .act = "INVOICE_OPENED",
          .subject = Uuid::Derived({"invoice"}),
          .debit = Dollars(debit),
          .credit = Dollars(credit)};
}

TEST(AccountStatementTest, OpeningAndEntriesMakeTheClosingBalance) {
  ASSERT_OK_AND_ASSIGN(const AccountStatement statement,
                       MakeAccountStatement(Dollars(-50), {EntryOf(375, 0), EntryOf(0, 300)}));
  EXPECT_EQ(statement.entries[0].balance, Dollars(325));
  EXPECT_EQ(statement.entries[1].balance, Dollars(25));
  EXPECT_EQ(statement.closing, Dollars(25));
  EXPECT_EQ(statement.debit, Dollars(375));
  EXPECT_EQ(statement.credit, Dollars(300));
  ASSERT_OK_AND_ASSIGN(const AccountStatement empty, MakeAccountStatement(Dollars(-50), {}));
  EXPECT_EQ(empty.closing, Dollars(-50));
  EXPECT_EQ(empty.debit, Dollars(0));
}

TEST(AccountStatementTest, RefusesABalanceBeyondWhatAnAmountCanBe) {
  EXPECT_EQ(MakeAccountStatement(Dollars(1'000'000'000'000), {EntryOf(1, 0)}).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(AccountStatementTest, APositionIsReadAsItWasWritten) {
  const StatementPosition position{Date(2012, 2, 29), Uuid::Derived({"a"}), Uuid::Derived({"b"}), -7};
  const std::optional<StatementPosition> read = StatementPosition::FromText(position.ToText());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->ToText(), position.ToText());
  for (const char* text : {"", "2012-02-29", "2012-02-30/x/y/1", "a/b/c/d/e"}) {
    EXPECT_FALSE(StatementPosition::FromText(text).has_value()) << text;
  }
}

TEST(AccountStatementTest, KnowsTheAccountsOfTheBooks) {
  for (const char* account : {"accounts_receivable", "fee_payable", "tax_payable/DE", "input_tax/DE"}) {
    EXPECT_TRUE(IsLedgerAccount(account)) << account;
  }
  for (const char* account :
       {"", "sundry", "revenue/DE", "tax_payable/", "tax_payable/de", "tax_payable/DEU", "input_tax/de"}) {
    EXPECT_FALSE(IsLedgerAccount(account)) << account;
  }
}

TEST(AccountStatementTest, TellsPartnersFromBillingAccountsByTheAct) {
  EXPECT_TRUE(IsPartnersAct("FEE_ACCRUED"));
  EXPECT_TRUE(IsPartnersAct("PAYOUT_SENT_1"));
  EXPECT_FALSE(IsPartnersAct("FEES_CHANGED"));
  EXPECT_FALSE(IsPartnersAct("INVOICE_OPENED"));
}

TEST(AccountStatementTest, TheExportBeginsAndEndsWithABalance) {
  ASSERT_OK_AND_ASSIGN(const AccountStatement statement, MakeAccountStatement(Dollars(0), {EntryOf(375, 0)}));
  const std::string id = Uuid::Derived({"tenant"}).ToString() + "," + Uuid::Derived({"invoice"}).ToString();
  const std::string row = "2009-06-01,INVOICE_OPENED," + id + ",375.00,0.00,375.00,USD\r\n";
  EXPECT_EQ(AccountStatementCsv(statement, Date(2009, 6, 1), Date(2009, 6, 30)),
            "date,act,tenant,subject,debit,credit,balance,currency\r\n2009-06-01,OPENING_BALANCE,,,,,0.00,USD\r\n" +
                row + "2009-06-30,CLOSING_BALANCE,,,,,375.00,USD\r\n");
  EXPECT_EQ(AccountStatementCsv(statement, std::nullopt, std::nullopt), row);
}

}  // namespace
}  // namespace countersign::billing
