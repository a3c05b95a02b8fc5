#include "billing-service/src/store/billing_account_store.h"

#include <memory>
#include <string>

#include "billing-service/src/store/migrations.h"
#include "common/base/error.h"
#include "common/events/committer.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using testing::IsOk;
using testing::TestDatabase;
using testing::TestDeadline;

class BillingAccountStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }
  void SetUp() override { database_->Clear(); }

  absl::Status Save(const BillingAccount& account) {
    events::Event event;
    event.tenant = event.aggregate = account.id;
    event.version = account.version;
    event.type = "ORDER_ACTIVATED";
    event.create_time = account.update_time;
    return committer_.Commit(TestDeadline(),
                             {.events = {event}, .reply = std::nullopt, .rows = {BillingAccountStore::Row(account)}});
  }

  static BillingAccount NewAccount() {
    BillingAccount account;
    account.id = Uuid::Derived({"account"});
    account.number = AccountNumber(account.id, 0);
    account.currency = "JPY";
    account.customer.company_name = "株式会社ファブリカム";
    account.customer.billing_email = "billing@fabrikam.example";
    account.customer.billing_address.region_code = "JP";
    account.customer.billing_address.locality = "千代田区";
    account.customer.billing_address.address_lines = {"丸の内 1-1", "2F"};
    account.customer.billing_address.recipients = {};
    account.credit = *Money::Zero("JPY");
    account.version = 1;
    account.create_time = account.update_time = absl::FromUnixMicros(1'243'846'800'123'456);
    return account;
  }

  static TestDatabase* database_;
  events::Committer committer_{database_->database()};
  const BillingAccountStore store_{database_->database()};
};

TestDatabase* BillingAccountStoreTest::database_ = nullptr;

TEST_F(BillingAccountStoreTest, ReadsBackWhatWasSaved) {
  const BillingAccount account = NewAccount();
  ASSERT_OK(Save(account));
  ASSERT_OK_AND_ASSIGN(const std::optional<BillingAccount> found, store_.Find(TestDeadline(), account.id));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->number, account.number);
  EXPECT_EQ(found->customer.company_name, account.customer.company_name);
  EXPECT_EQ(found->customer.billing_address, account.customer.billing_address);
  EXPECT_EQ(found->credit, account.credit);
  EXPECT_EQ(found->create_time, account.create_time);
  EXPECT_EQ(found->version, 1);
}

TEST_F(BillingAccountStoreTest, SecondWriterOfAVersionLosesTheRace) {
  BillingAccount account = NewAccount();
  ASSERT_OK(Save(account));
  EXPECT_TRUE(IsLostRace(Save(account))) << "created twice";
  account.version = 2;
  account.next_invoice_sequence = 2;
  ASSERT_OK(Save(account));
  EXPECT_TRUE(IsLostRace(Save(account))) << "updated from version 1 twice";
  ASSERT_OK_AND_ASSIGN(const BillingAccount found, store_.Get(TestDeadline(), account.id));
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.next_invoice_sequence, 2);
}

TEST_F(BillingAccountStoreTest, KeepsTheNumberItReserved) {
  const Uuid account = Uuid::Derived({"account"});
  ASSERT_OK_AND_ASSIGN(const std::string number, store_.ReserveNumber(TestDeadline(), account));
  EXPECT_EQ(number, AccountNumber(account, 0));
  ASSERT_OK_AND_ASSIGN(const std::string again, store_.ReserveNumber(TestDeadline(), account));
  EXPECT_EQ(again, number);
}

TEST_F(BillingAccountStoreTest, TakesTheNextNumberWhenAnotherAccountHasTheFirst) {
  const Uuid account = Uuid::Derived({"account"});
  database_->Execute("INSERT INTO account_numbers (account_number, account_id) VALUES (?, ?)",
                     {AccountNumber(account, 0), Uuid::Derived({"other"})});
  ASSERT_OK_AND_ASSIGN(const std::string number, store_.ReserveNumber(TestDeadline(), account));
  EXPECT_EQ(number, AccountNumber(account, 1));
}

}  // namespace
}  // namespace countersign::billing
