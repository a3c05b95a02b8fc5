// Dunning through the real database: each rung once, and a payment wins whenever it comes.
#include "billing-service/src/workers/dunning_task.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/events/change.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/dunning.pb.h"
#include "countersign/billing/v1/dunning_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::StatusIs;

// Does something once, when it is asked for the time the second time: the task asks once for the day, and once when it
// has read an account.
class InterruptingClock final : public Clock {
 public:
  InterruptingClock(const Clock& clock, std::function<void()> act) : clock_(clock), act_(std::move(act)) {}
  absl::Time Now() const override {
    if (asked_++ == 1) act_();
    return clock_.Now();
  }

 private:
  const Clock& clock_;
  const std::function<void()> act_;
  mutable std::atomic<int> asked_ = 0;
};

class DunningTaskTest : public ApiTest {
 protected:
  // The migrations' own ladder stays.
  void SetUp() override {
    database_->Clear({"dunning_ladders", "fee_schedules"});
    database_->Execute("DELETE FROM dunning_ladders WHERE effective_date > '2009-01-01'");
  }

  DunningTask TaskWith(const Clock& clock) {
    return DunningTask(
        {committer_, books_, dunnings_, ladders_, notices_, subscriptions_, invoices_, clock, /*mails=*/true});
  }
  void RunDunning(const DunningTask& task) {
    EXPECT_OK(task.RunBucket(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
  }
  void RunDunningOn(Date date) {
    SetDay(date);
    Climb();
  }
  // The notice is queued, mailed, and then its rung is climbed.
  void Climb() {
    RunDunning(TaskWith(clock_));
    Drain();
    RunDunning(TaskWith(clock_));
  }
  void RunBilling() {
    for (const events::BucketTask& task : parts().tasks()) {
      if (task.name != "billing") continue;
      EXPECT_OK(task.run(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
    }
  }
  // What the relay would deliver, without its polls: for many races.
  void DeliverNew() {
    for (const mysql::Row& row :
         database_->Query("SELECT tenant_id, aggregate_id, version, type, payload FROM events WHERE type IN "
                          "('BANK_RECEIPT_CREATED', 'BANK_RECEIPT_REVERSED', 'NOTICE_QUEUED') ORDER BY create_time")) {
      events::Event event;
      event.tenant = row.Id(0);
      event.aggregate = row.Id(1);
      event.version = row.Int(2);
      event.type = row.Bytes(3);
      event.payload = row.Bytes(4);
      if (delivered_.insert({event.aggregate, event.version}).second) Deliver(event);
    }
  }
  std::string SubscriptionOf(absl::string_view order = "order") {
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
    EXPECT_OK(activated);
    if (!activated.ok()) return "";
    invoice_ = activated->invoices(0);
    return activated->subscriptions(0);
  }
  void Pay(int64_t units, const std::string& reference) {
    EXPECT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(units, reference)));
    Drain();
  }
  v1::Subscription::State StateOf(const std::string& subscription) {
    const absl::StatusOr<v1::Subscription> read = GetSubscription(subscription);
    EXPECT_OK(read);
    return read.ok() ? read->state() : v1::Subscription::STATE_UNSPECIFIED;
  }
  v1::Dunning Where() {
    v1::GetDunningRequest request;
    request.set_name(account_ + "/dunning");
    const absl::StatusOr<v1::Dunning> dunning = Call(&v1::DunningService::Stub::GetDunning, request);
    EXPECT_OK(dunning);
    return dunning.ok() ? *dunning : v1::Dunning();
  }

  const AccountBookStore books_{database_->database()};
  const DunningStore dunnings_{database_->database()};
  const DunningLadderStore ladders_{database_->database()};
  const NoticeStore notices_{database_->database()};
  const SubscriptionStore subscriptions_{database_->database()};
  const InvoiceStore invoices_{database_->database()};
  std::string invoice_;
  std::set<std::pair<Uuid, int64_t>> delivered_;
};

TEST_F(DunningTaskTest, ClimbsToTheEndWhenNobodyPays) {
  const std::string suite = SubscriptionOf();  // Due 07-01.
  SetDay(Date(2009, 7, 1));
  RunBilling();
  RunDunningOn(Date(2009, 7, 7));
  EXPECT_EQ(CountRows("dunnings"), 0);
  RunDunningOn(Date(2009, 7, 8));
  RunDunningOn(Date(2009, 7, 8));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_PAST_DUE);
  EXPECT_EQ(Where().state(), v1::Dunning::STATE_PAST_DUE);
  EXPECT_EQ(Where().invoice(), invoice_);
  EXPECT_EQ(Where().next_date().day(), 31);
  EXPECT_EQ(EventOf<v1::BillingAccountEvent>("DUNNING_RUNG_REACHED").dunning_rung(), 1);
  RunDunningOn(Date(2009, 7, 30));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_PAST_DUE);
  RunDunningOn(Date(2009, 7, 31));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_SUSPENDED);
  SetDay(Date(2009, 8, 1));
  RunBilling();
  EXPECT_EQ(CountRows("invoices"), 2) << "no period that starts under suspension is billed";
  RunDunningOn(Date(2009, 8, 30));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_CANCELLED);
  ASSERT_OK_AND_ASSIGN(v1::Invoice invoice, GetInvoice(invoice_));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_UNCOLLECTIBLE);
  EXPECT_FALSE(Where().has_next_date());
  EXPECT_EQ(CountRows("dunning_rungs"), 3);
  EXPECT_EQ(CountRows("events WHERE type = 'DUNNING_RUNG_REACHED'"), 3);

  Pay(375, "LATE");
  RunDunningOn(Date(2009, 9, 5));
  ASSERT_OK_AND_ASSIGN(invoice, GetInvoice(invoice_));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_CANCELLED) << "payment only settles the debt and its fee";
  ASSERT_EQ(Fees(kOperator).size(), 1u);
  EXPECT_EQ(Fees(kOperator)[0].amount().units(), 45);
  ExpectBalancedBooks();
}

// Annual: 4,500.00 × 275/365 = 3,390.41 is credited, and 1,109.59 is still owed: fee 133.15.
TEST_F(DunningTaskTest, TheUnservedDaysOfAnAnnualSubscriptionAreNotOwed) {
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_billing_period_months(12);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  for (const Date day : {Date(2009, 7, 8), Date(2009, 7, 31), Date(2009, 8, 30)}) RunDunningOn(day);
  EXPECT_EQ(StateOf(activated.subscriptions(0)), v1::Subscription::STATE_CANCELLED);
  ASSERT_OK_AND_ASSIGN(v1::Invoice invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_UNCOLLECTIBLE);
  EXPECT_EQ(invoice.amount_due().units(), 1109);
  EXPECT_EQ(invoice.amount_due().nanos(), 590'000'000);
  EXPECT_EQ(CountRows("credit_notes WHERE net_micros = 3390410000 AND reason = 'The account did not pay.'"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'CREDIT_NOTE_CREATED'"), 1);
  RunDunningOn(Date(2009, 8, 31));
  EXPECT_EQ(CountRows("credit_notes"), 1);
  Pay(1110, "LATE");
  ASSERT_OK_AND_ASSIGN(invoice, GetInvoice(activated.invoices(0)));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CountRows("fees WHERE amount_micros = 133150000"), 1);
  ExpectBalancedBooks();
}

// What another subscription of the account had paid ahead pays its debt.
TEST_F(DunningTaskTest, WhatWasPaidAheadIsCreditedAndPaysTheDebt) {
  v1::ActivateOrderRequest annual = OrderRequest("annual");
  annual.set_billing_period_months(12);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse paid, Activate(annual));
  Pay(4500, "AHEAD");
  SubscriptionOf("monthly");
  for (const Date day : {Date(2009, 7, 8), Date(2009, 7, 31), Date(2009, 8, 30)}) RunDunningOn(day);
  EXPECT_EQ(StateOf(paid.subscriptions(0)), v1::Subscription::STATE_CANCELLED);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice debt, GetInvoice(invoice_));
  EXPECT_EQ(debt.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CountRows("billing_accounts WHERE credit_micros = 3015410000"), 1) << "3,390.41 less 375.00";
  Drain();
  ExpectBalancedBooks();
}

TEST_F(DunningTaskTest, ResumedByAnOperatorItIsPastDueAsItsAccount) {
  const std::string suite = SubscriptionOf();
  RunDunningOn(Date(2009, 7, 8));
  v1::SuspendSubscriptionRequest suspend;
  suspend.set_name(suite);
  suspend.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_OPERATOR);
  suspend.set_reason("a test");
  suspend.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SuspendSubscription, suspend));
  v1::ResumeSubscriptionRequest resume;
  resume.set_name(suite);
  resume.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_OPERATOR);
  resume.set_reason("a test");
  resume.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::ResumeSubscription, resume));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_PAST_DUE);
  Pay(375, "LATE");
  RunDunningOn(Date(2009, 7, 9));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_ACTIVE);
}

// Suspended 07-31, paid 08-05: 375.00 × 27/31 = 326.61, fee 39.19.
TEST_F(DunningTaskTest, PaymentRestoresAndTheRestOfThePeriodIsBilled) {
  const std::string suite = SubscriptionOf();
  SetDay(Date(2009, 7, 1));
  RunBilling();
  RunDunningOn(Date(2009, 7, 8));
  RunDunningOn(Date(2009, 7, 31));
  SetDay(Date(2009, 8, 4));
  RunBilling();
  EXPECT_EQ(CountRows("invoices"), 2);
  SetDay(Date(2009, 8, 5));
  Pay(750, "BOTH");
  RunDunning(TaskWith(clock_));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(Where().state(), v1::Dunning::STATE_CLEAR);
  EXPECT_EQ(CountRows("events WHERE type = 'DUNNING_CLEARED'"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_RESUMED'"), 1);
  RunBilling();
  EXPECT_EQ(CountRows("invoice_lines WHERE net_micros = 326610000 AND service_start_date = '2009-08-05'"), 1);
  Pay(327, "REST");
  EXPECT_EQ(CountRows("fees WHERE amount_micros = 39190000"), 1);
  ExpectBalancedBooks();
}

TEST_F(DunningTaskTest, AHeldAccountDoesNotClimbButPaymentRestoresIt) {
  const std::string suite = SubscriptionOf();
  RunDunningOn(Date(2009, 7, 8));
  v1::SetDunningHoldRequest request;
  request.set_name(account_ + "/dunning");
  request.mutable_hold_until_date()->set_year(2009);
  request.mutable_hold_until_date()->set_month(8);
  request.mutable_hold_until_date()->set_day(10);
  request.set_reason("The customer disputes the invoice.");
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::DunningService::Stub::SetDunningHold, request).status());
  RunDunningOn(Date(2009, 8, 9));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_PAST_DUE);
  Pay(375, "DISPUTED");
  RunDunningOn(Date(2009, 8, 9));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_ACTIVE);
}

TEST_F(DunningTaskTest, AParkedAccountDoesNotClimb) {
  const std::string suite = SubscriptionOf();
  database_->Execute("UPDATE billing_accounts SET state = 'PARKED', park_reason = 'X'");
  RunDunningOn(Date(2009, 7, 8));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(CountRows("dunnings"), 0);
}

TEST_F(DunningTaskTest, APaymentBetweenReadingAndSuspendingWins) {
  const std::string suite = SubscriptionOf();
  RunDunningOn(Date(2009, 7, 8));
  SetDay(Date(2009, 7, 31));
  RunDunning(TaskWith(clock_));  // Queues the notice.
  Drain();
  const InterruptingClock clock(clock_, [&] { Pay(375, "JUST IN TIME"); });
  RunDunning(TaskWith(clock));
  EXPECT_EQ(StateOf(suite), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_SUSPENDED'"), 0);
  EXPECT_EQ(CountRows("dunning_rungs"), 1);
}

// Whoever comes first, nothing is suspended by an event that follows the payment's, and all is restored in the end.
TEST_F(DunningTaskTest, NobodyIsSuspendedAfterPaying) {
  constexpr int kRaces = 30;
  const std::string suite = SubscriptionOf();
  SetDay(Date(2009, 7, 8));
  const DunningTask task = TaskWith(clock_);
  for (int race = 0; race < kRaces; ++race) {
    RunDunning(task);  // Queues the notice.
    DeliverNew();
    const std::string reference = absl::StrCat("RACE-", race);
    ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                         Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, reference)));
    std::thread other([&] { RunDunning(task); });
    DeliverNew();
    other.join();
    RunDunning(task);
    ASSERT_EQ(StateOf(suite), v1::Subscription::STATE_ACTIVE) << reference;
    v1::ReverseBankReceiptRequest reverse;
    reverse.set_name(receipt.name());
    reverse.set_reason("It bounced.");
    reverse.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::ReverseBankReceipt, reverse).status());
    DeliverNew();
    SetDay(Date(2009, 7, 9) + race);  // At most one rung a day.
  }
  // Between a payment and its bounce the account reaches no rung.
  const std::vector<mysql::Row> rows = database_->Query(
      "SELECT type FROM events WHERE type IN ('PAYMENT_ALLOCATED', 'PAYMENT_TAKEN_BACK', 'DUNNING_RUNG_REACHED') "
      "ORDER BY version");
  bool paid = false;
  for (const mysql::Row& row : rows) {
    if (row.Bytes(0) == "DUNNING_RUNG_REACHED") {
      EXPECT_FALSE(paid);
    } else {
      paid = row.Bytes(0) == "PAYMENT_ALLOCATED";
    }
  }
  EXPECT_EQ(database_->Query("SELECT cycle, rung FROM dunning_rungs GROUP BY cycle, rung HAVING COUNT(*) > 1").size(),
            0u);
}

TEST_F(DunningTaskTest, TwoWorkersReachARungOnce) {
  for (const char* order : {"a", "b", "c"}) SubscriptionOf(order);
  SetDay(Date(2009, 7, 8));
  const DunningTask task = TaskWith(clock_);
  for (int turn = 0; turn < 2; ++turn) {
    std::thread other([&] { RunDunning(task); });
    RunDunning(task);
    other.join();
    Drain();
  }
  EXPECT_EQ(CountRows("notices WHERE kind = 'DUNNING'"), 1);
  EXPECT_EQ(CountRows("dunning_rungs"), 1);
  EXPECT_EQ(CountRows("subscriptions WHERE state = 'PAST_DUE'"), 3);
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_PAST_DUE'"), 3);
}

// More subscriptions than one step takes.
TEST_F(DunningTaskTest, EverySubscriptionOfALargeAccountIsSuspendedAndRestored) {
  for (int i = 0; i < 23; ++i) SubscriptionOf(absl::StrCat("order-", i));
  RunDunningOn(Date(2009, 7, 8));
  EXPECT_EQ(CountRows("subscriptions WHERE state = 'PAST_DUE'"), 23);
  EXPECT_EQ(CountRows("dunning_rungs"), 1);
  EXPECT_EQ(Where().next_date().day(), 31);
  Pay(375 * 23, "ALL");
  RunDunningOn(Date(2009, 7, 9));
  EXPECT_EQ(CountRows("subscriptions WHERE state = 'ACTIVE'"), 23);
  EXPECT_EQ(Where().state(), v1::Dunning::STATE_CLEAR);
}

// Two subscriptions of 256 tranches: more rows than one change may have.
TEST_F(DunningTaskTest, WhatNoChangeHoldsIsSuspendedAndCancelledInSeveral) {
  SubscriptionOf("first");
  SubscriptionOf("second");
  GrowTranches(256);
  for (const Date day : {Date(2009, 7, 8), Date(2009, 7, 31)}) RunDunningOn(day);
  EXPECT_EQ(CountRows("subscriptions WHERE state = 'SUSPENDED'"), 2);
  RunDunningOn(Date(2009, 8, 30));
  EXPECT_EQ(CountRows("subscriptions WHERE state = 'CANCELLED'"), 2);
  EXPECT_EQ(CountRows("invoices WHERE state = 'UNCOLLECTIBLE'"), 2);
  EXPECT_EQ(CountRows("dunning_rungs"), 3);
}

// As a crash leaves it after the first step of the last rung: what is overdue is given up, one subscription still
// lives.
TEST_F(DunningTaskTest, AfterACrashTheLastRungIsFinishedByWhoeverComesNext) {
  const std::string first = SubscriptionOf("first");
  const std::string second = SubscriptionOf("second");
  for (const Date day : {Date(2009, 7, 8), Date(2009, 7, 31)}) RunDunningOn(day);
  database_->Execute("UPDATE invoices SET state = 'UNCOLLECTIBLE'");
  database_->Execute("UPDATE dunnings SET state = 'CANCELLED', rung = 3, next_date = '2009-08-30'");
  SetDay(Date(2009, 8, 31));
  const int bucket = events::BucketOf(Uuid::Derived({"account"}));
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  EXPECT_THAT(dunnings_.ListDueBuckets(deadline, Date(2009, 8, 29)).value(), ::testing::IsEmpty());
  EXPECT_THAT(dunnings_.ListDueBuckets(deadline, Date(2009, 8, 31)).value(), ::testing::ElementsAre(bucket));
  RunDunning(TaskWith(clock_));
  EXPECT_EQ(StateOf(first), v1::Subscription::STATE_CANCELLED);
  EXPECT_EQ(StateOf(second), v1::Subscription::STATE_CANCELLED);
  EXPECT_FALSE(Where().has_next_date());
  EXPECT_THAT(dunnings_.ListDueBuckets(deadline, Date(2009, 8, 31)).value(), ::testing::IsEmpty());
}

// Somebody else ended the subscriptions meanwhile.
TEST_F(DunningTaskTest, ALastRungWithNothingLeftToCancelIsDone) {
  SubscriptionOf();
  for (const Date day : {Date(2009, 7, 8), Date(2009, 7, 31), Date(2009, 8, 30)}) RunDunningOn(day);
  database_->Execute("UPDATE dunnings SET next_date = '2009-08-30'");
  RunDunning(TaskWith(clock_));
  EXPECT_FALSE(Where().has_next_date());
}

}  // namespace
}  // namespace countersign::billing
