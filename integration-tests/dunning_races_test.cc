// A payment and the dunning worker meet at one account, many times, on a real database: whichever commits first, nobody
// is suspended after paying, whoever paid is served in the end, and the books are whole. COUNTERSIGN_RACES says how
// many accounts race: 40 by default; 1,000 take two minutes.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/domain/names.h"
#include "common/base/date.h"
#include "common/events/change.h"
#include "common/events/relay.h"
#include "common/rpc/names.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/checks.h"

namespace countersign::billing {
namespace {

constexpr int kDefaultRaces = 40;
constexpr int kMaxHeadStart = 12;  // Of the worker, in statements of the database: so either comes first.
constexpr int kPaysTooLittle = 4;  // Every fourth account does: it is suspended whoever comes first.

int Races() {
  int races = 0;
  const char* const wanted = std::getenv("COUNTERSIGN_RACES");
  return wanted != nullptr && absl::SimpleAtoi(wanted, &races) && races > 0 ? races : kDefaultRaces;
}

class DunningRacesTest : public ApiTest {
 protected:
  struct Customer {
    std::string account;
    std::string subscription;
    std::string invoice;
    bool pays_all = true;
  };

  // The migrations' own ladder stays.
  void SetUp() override { database_->Clear({"dunning_ladders", "fee_schedules"}); }

  void Dun(int bucket) {
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name == "dunning") EXPECT_OK(task.run(bucket, absl::Now() + absl::Minutes(2)));
    }
  }
  void DunAll() {
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) Dun(bucket);
  }

  // Invoiced 375.00 on 06-01, due 07-01, and PAST_DUE since 07-08. On 07-31 the notice of the suspension is sent.
  void Prepare(int customers) {
    for (int i = 0; i < customers; ++i) {
      const std::string name = absl::StrCat("racer ", i);
      v1::ActivateOrderRequest order = OrderRequest(name);
      order.set_billing_account(absl::StrCat("billingAccounts/", Uuid::Derived({name}).ToString()));
      ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
      const Uuid account = Uuid::Derived({name});
      by_bucket_[events::BucketOf(account)][account] = {order.billing_account(), activated.subscriptions(0),
                                                        activated.invoices(0), i % kPaysTooLittle != 0};
    }
    for (const Date day : {Date(2009, 7, 8), Date(2009, 7, 31)}) {
      SetDay(day);
      DunAll();  // Queues the notices.
      Drain();
      if (day == Date(2009, 7, 8)) DunAll();
    }
    ASSERT_EQ(CountRows("subscriptions WHERE state = 'PAST_DUE'"), customers);
  }

  // What the bank received of each customer of the bucket, in the order in which the worker comes to them.
  std::vector<events::Event> Receive(int bucket) {
    std::vector<events::Event> received;
    for (const auto& [account, customer] : by_bucket_[bucket]) {
      v1::CreateBankReceiptRequest request =
          ReceiptRequest(customer.pays_all ? 375 : 100, absl::StrCat("RACE-", account.ToString()), customer.invoice);
      request.mutable_bank_receipt()->set_billing_account(customer.account);
      const auto receipt = Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request);
      EXPECT_OK(receipt);
      if (!receipt.ok()) continue;
      const absl::StatusOr<std::vector<Uuid>> id = rpc::ParseName(kReceiptName, receipt->name());
      for (const mysql::Row& row :
           database_->Query("SELECT tenant_id, aggregate_id, version, type, payload FROM events WHERE tenant_id = ?",
                            {id->front()})) {
        events::Event event;
        event.tenant = row.Id(0);
        event.aggregate = row.Id(1);
        event.version = row.Int(2);
        event.type = row.Bytes(3);
        event.payload = row.Bytes(4);
        received.push_back(std::move(event));
      }
    }
    return received;
  }

  // The worker that dunnes the bucket, and the relay that uses its payments, at once.
  void Race(int bucket) {
    const std::vector<events::Event> payments = Receive(bucket);
    clock_.Advance(absl::Seconds(1));
    std::thread worker([&] { Dun(bucket); });
    for (const events::Event& payment : payments) {
      head_start_ = (head_start_ + 5) % (kMaxHeadStart + 1);
      for (int i = 0; i < head_start_; ++i) database_->Query("SELECT 1");
      Deliver(payment);
    }
    worker.join();
  }

  static void ExpectWhole() {
    integration::Sentences broken;
    const std::unique_ptr<mysql::Connection> billing = database_->Connect();
    EXPECT_OK(integration::CheckDunning(*billing, broken));
    EXPECT_OK(integration::CheckMoney(*billing, broken));
    EXPECT_OK(integration::CheckFees(*billing, broken));
    EXPECT_OK(integration::CheckSubscriptions(*billing, broken));
    EXPECT_OK(integration::CheckSums(*billing, broken));
    EXPECT_OK(integration::CheckLog("billing", *billing, broken));
    EXPECT_THAT(broken, ::testing::IsEmpty());
  }

  // By account: after its payment was used it reaches no rung.
  static void ExpectNobodySuspendedAfterPaying() {
    std::map<Uuid, bool> paid;
    for (const mysql::Row& row :
         database_->Query("SELECT e.tenant_id, e.type FROM events e JOIN invoices i ON i.account_id = e.tenant_id "
                          "WHERE e.aggregate_id = e.tenant_id AND i.state = 'PAID' AND e.type IN "
                          "('PAYMENT_ALLOCATED', 'DUNNING_RUNG_REACHED') ORDER BY e.tenant_id, e.version")) {
      if (row.Bytes(1) == "PAYMENT_ALLOCATED") paid[row.Id(0)] = true;
      if (row.Bytes(1) == "DUNNING_RUNG_REACHED") EXPECT_FALSE(paid[row.Id(0)]) << row.Id(0).ToString();
    }
    EXPECT_FALSE(paid.empty());
  }

  std::map<int, std::map<Uuid, Customer>> by_bucket_;
  int head_start_ = 0;
};

TEST_F(DunningRacesTest, NobodyIsSuspendedAfterPayingAndWhoeverPaidIsServed) {
  const int races = Races();
  ASSERT_NO_FATAL_FAILURE(Prepare(races));
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) Race(bucket);
  RecordProperty("suspended_first", CountRows("dunning_rungs WHERE state = 'SUSPENDED'"));
  ExpectNobodySuspendedAfterPaying();
  DunAll();  // Restores whoever was suspended before the payment.
  Drain();
  for (const auto& [bucket, customers] : by_bucket_) {
    for (const auto& [id, customer] : customers) {
      ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(customer.subscription));
      ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(customer.invoice));
      EXPECT_EQ(subscription.state(),
                customer.pays_all ? v1::Subscription::STATE_ACTIVE : v1::Subscription::STATE_SUSPENDED)
          << customer.account;
      EXPECT_EQ(invoice.state(), customer.pays_all ? v1::Invoice::STATE_PAID : v1::Invoice::STATE_OPEN)
          << customer.account;
    }
  }
  EXPECT_EQ(CountRows("fees"), races - (races + kPaysTooLittle - 1) / kPaysTooLittle);
  EXPECT_EQ(database_
                ->Query("SELECT account_id FROM dunning_rungs GROUP BY account_id, cycle, rung "
                        "HAVING COUNT(*) > 1")
                .size(),
            0U);
  ExpectWhole();
}

}  // namespace
}  // namespace countersign::billing
