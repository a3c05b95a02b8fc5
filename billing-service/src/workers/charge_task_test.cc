// Charges through the real database: whatever dies or does not answer, the customer is charged once.
#include "billing-service/src/workers/charge_task.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/lease.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/charge.pb.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"
#include "countersign/billing/v1/dunning_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/payment.pb.h"
#include "countersign/payment/v1/payment_processor.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using Processed = payment::v1::Charge;

struct Killed {};  // Thrown where a process dies.

class ChargeTaskTest : public ApiTest {
 protected:
  // The migrations' own ladder stays.
  void SetUp() override { database_->Clear({"dunning_ladders", "fee_schedules"}); }

  ChargeTask Task() { return ChargeTask({committer_, books_, charges_, ladders_, processor_, clock_}); }
  void RunCharges() {
    EXPECT_OK(Task().RunBucket(events::BucketOf(Uuid::Derived({"account"})), absl::Now() + absl::Seconds(60)));
  }
  void RunChargesOn(Date date) {
    SetDay(date);
    RunCharges();
  }
  // 375.00, due on 07-01, of an account that pays with `token`; it is that day.
  std::string DueInvoice(const std::string& token = "tok") {
    const std::string invoice = OpenInvoice();
    SetMethod(token);
    SetDay(Date(2009, 7, 1));
    return invoice;
  }
  void SetMethod(const std::string& token) {
    EXPECT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest(token)));
  }
  std::vector<v1::Charge> Charges() {
    v1::ListChargesRequest request;
    request.set_parent(account_);
    const absl::StatusOr<v1::ListChargesResponse> page = Call(&v1::ChargeService::Stub::ListCharges, request);
    EXPECT_OK(page);
    return page.ok() ? std::vector<v1::Charge>(page->charges().begin(), page->charges().end())
                     : std::vector<v1::Charge>();
  }
  // How often the processor's own book says that the customer was charged.
  int TimesCharged() const {
    int times = 0;
    for (const auto& [key, charge] : processor_.book) times += charge.state() == Processed::STATE_SUCCEEDED;
    return times;
  }
  void ExpectPaidOnce(const std::string& invoice) {
    ASSERT_OK_AND_ASSIGN(const v1::Invoice read, GetInvoice(invoice));
    EXPECT_EQ(read.state(), v1::Invoice::STATE_PAID);
    EXPECT_EQ(TimesCharged(), 1);
    EXPECT_EQ(CountRows("payments"), 1);
    EXPECT_EQ(CountRows("payments WHERE charge_id IS NOT NULL AND receipt_id IS NULL AND amount_micros = 375000000"),
              1);
    EXPECT_EQ(CountRows("billing_accounts WHERE credit_micros = 0"), 1);
    Drain();
    EXPECT_EQ(Fees(kOperator).size(), 1u);
    ExpectBalancedBooks();
  }

  const AccountBookStore books_{database_->database()};
  const ChargeStore charges_{database_->database()};
  const DunningLadderStore ladders_{database_->database()};
};

TEST_F(ChargeTaskTest, ChargesAnInvoiceOnItsDueDate) {
  const std::string invoice = DueInvoice();
  RunChargesOn(Date(2009, 6, 30));
  EXPECT_THAT(Charges(), ::testing::IsEmpty());
  RunChargesOn(Date(2009, 7, 1));
  RunChargesOn(Date(2009, 7, 1));
  ASSERT_EQ(Charges().size(), 1u);
  const v1::Charge charge = Charges()[0];
  EXPECT_EQ(charge.state(), v1::Charge::STATE_SUCCEEDED);
  EXPECT_EQ(charge.invoice(), invoice);
  EXPECT_EQ(charge.processor_reference(), "ref-tok");
  EXPECT_EQ(EventOf<v1::PaymentEvent>("PAYMENT_SUCCEEDED").charge(), charge.name());
  EXPECT_EQ(EventOf<v1::ChargeEvent>("CHARGE_SUCCEEDED").payment(), charge.payment());
  EXPECT_EQ(EventOf<v1::BillingAccountEvent>("INVOICE_CHARGE_REQUESTED").charge(), charge.name());
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, ADeclineIsRetriedOnTheLaddersDaysOnly) {
  DueInvoice();
  processor_.next = Processed::STATE_DECLINED;
  for (Date day = Date(2009, 7, 1); day < Date(2009, 9, 15); day = day + 1) RunChargesOn(day);
  std::vector<std::string> days;
  for (const v1::Charge& charge : Charges()) {
    EXPECT_EQ(charge.state(), v1::Charge::STATE_DECLINED);
    EXPECT_EQ(charge.decline_reason(), "INSUFFICIENT_FUNDS");
    days.push_back(FormatDate(DateOf(absl::FromUnixSeconds(charge.create_time().seconds()))));
  }
  EXPECT_THAT(days, ::testing::ElementsAre("2009-07-01", "2009-07-08", "2009-07-31", "2009-08-30"));
  EXPECT_EQ(Charges()[0].next_attempt_date().day(), 8);
  EXPECT_FALSE(Charges()[3].has_next_attempt_date());
  EXPECT_EQ(CountRows("payments"), 0);
}

TEST_F(ChargeTaskTest, ANewTokenIsChargedAtOnce) {
  const std::string invoice = DueInvoice("old");
  processor_.next = Processed::STATE_DECLINED;
  RunCharges();
  processor_.next = Processed::STATE_SUCCEEDED;
  SetMethod("new");
  RunCharges();
  ASSERT_EQ(Charges().size(), 2u);
  EXPECT_EQ(Charges()[1].attempt(), 2);
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, AnUnknownChargeBlocksUntilTheProcessorHasSaidHowItEnded) {
  const std::string invoice = DueInvoice();
  processor_.answer = absl::DeadlineExceededError("lost");
  RunCharges();
  ASSERT_EQ(Charges().size(), 1u);
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_UNKNOWN);
  EXPECT_EQ(FigureNamed("countersign_charges_unknown"), 1);
  SetDay(Date(2009, 7, 2));
  EXPECT_EQ(FigureNamed("countersign_charges_unknown_oldest_seconds"), 24 * 3600);
  SetDay(Date(2009, 7, 1));
  EXPECT_EQ(CountRows("payments"), 0);
  processor_.reachable = absl::UnavailableError("away");
  for (Date day = Date(2009, 7, 2); day < Date(2009, 7, 20); day = day + 1) RunChargesOn(day);
  v1::ChargeInvoiceRequest again;
  again.set_name(invoice);
  again.set_reason("once more");
  again.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::ChargeService::Stub::ChargeInvoice, again), HasReason("CHARGE_NOT_SETTLED"));
  EXPECT_EQ(Charges().size(), 1u);
  EXPECT_EQ(CountRows("charges WHERE version = 2"), 1) << "what is not new is not written";
  processor_.reachable = absl::OkStatus();
  RunCharges();
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_SUCCEEDED);
  EXPECT_EQ(processor_.creates, 1);
  ExpectPaidOnce(invoice);
  EXPECT_EQ(FigureNamed("countersign_charges_unknown"), 0);
  EXPECT_EQ(FigureNamed("countersign_charges_unknown_oldest_seconds"), 0);
}

TEST_F(ChargeTaskTest, AChargeThatNeverArrivedIsMadeWithTheSameKey) {
  const std::string invoice = DueInvoice();
  processor_.reachable = absl::UnavailableError("away");
  RunCharges();
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_UNKNOWN);
  processor_.reachable = absl::OkStatus();
  RunCharges();
  ASSERT_EQ(Charges().size(), 1u);
  EXPECT_TRUE(absl::EndsWith(Charges()[0].name(), processor_.book.begin()->first));
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, KilledBeforeTheChargeItIsMadeOnce) {
  const std::string invoice = DueInvoice();
  processor_.before_booking = [] { throw Killed(); };
  EXPECT_THROW(RunCharges(), Killed);
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_REQUESTED);
  processor_.before_booking = nullptr;
  RunCharges();
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, KilledAfterTheChargeItIsRecordedOnce) {
  const std::string invoice = DueInvoice();
  processor_.after_booking = [] { throw Killed(); };
  EXPECT_THROW(RunCharges(), Killed);
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_REQUESTED);
  EXPECT_EQ(CountRows("payments"), 0);
  processor_.after_booking = nullptr;
  RunCharges();
  EXPECT_EQ(processor_.creates, 1);
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, WhatIsPaidMeanwhileIsNotCharged) {
  DueInvoice();
  processor_.reachable = absl::UnavailableError("away");
  RunCharges();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  Drain();
  processor_.reachable = absl::OkStatus();
  RunCharges();
  ASSERT_EQ(Charges().size(), 1u);
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_CANCELLED);
  EXPECT_EQ(TimesCharged(), 0);
  EXPECT_EQ(processor_.book.at(processor_.book.begin()->first).state(), Processed::STATE_CANCELLED);
  EXPECT_EQ(CountRows("payments"), 1);
}

TEST_F(ChargeTaskTest, WhatWasChargedAndIsPaidMeanwhileIsCredit) {
  DueInvoice();
  processor_.answer = absl::UnavailableError("lost");
  RunCharges();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  Drain();
  RunCharges();
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_SUCCEEDED);
  EXPECT_EQ(CountRows("payments"), 2);
  EXPECT_EQ(CountRows("billing_accounts WHERE credit_micros = 375000000"), 1);
  ExpectBalancedBooks();
}

TEST_F(ChargeTaskTest, AnotherMethodCancelsWhatNeverArrived) {
  const std::string invoice = DueInvoice("old");
  processor_.reachable = absl::UnavailableError("away");
  RunCharges();
  SetMethod("new");
  processor_.reachable = absl::OkStatus();
  RunCharges();
  ASSERT_EQ(Charges().size(), 2u);
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_CANCELLED);
  EXPECT_EQ(Charges()[1].processor_reference(), "ref-new");
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, AnAnswerThatComesLaterIsWaitedFor) {
  const std::string invoice = DueInvoice();
  processor_.next = Processed::STATE_PENDING;
  RunCharges();
  RunCharges();
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_UNKNOWN);
  processor_.book.begin()->second.set_state(Processed::STATE_SUCCEEDED);
  RunCharges();
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, AnAnswerOfAnotherAmountIsNotBelieved) {
  DueInvoice();
  processor_.after_booking = [this] { processor_.book.begin()->second.mutable_amount()->set_units(1); };
  RunCharges();
  RunCharges();
  EXPECT_EQ(Charges()[0].state(), v1::Charge::STATE_UNKNOWN);
  EXPECT_EQ(CountRows("payments"), 0);
}

TEST_F(ChargeTaskTest, AHeldOrParkedAccountIsNotCharged) {
  const std::string invoice = DueInvoice();
  v1::SetDunningHoldRequest hold;
  hold.set_name(account_ + "/dunning");
  *hold.mutable_hold_until_date() = rpc::ToProto(Date(2009, 7, 10));
  hold.set_reason("a dispute");
  hold.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::DunningService::Stub::SetDunningHold, hold));
  database_->Execute("UPDATE billing_accounts SET state = 'PARKED'");
  RunChargesOn(Date(2009, 7, 10));
  EXPECT_THAT(Charges(), ::testing::IsEmpty());
  database_->Execute("UPDATE billing_accounts SET state = 'ACTIVE'");
  RunChargesOn(Date(2009, 7, 9));
  EXPECT_THAT(Charges(), ::testing::IsEmpty());
  RunChargesOn(Date(2009, 7, 10));
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, TwoReplicasChargeOnce) {
  const std::string invoice = DueInvoice();
  std::vector<std::thread> replicas;
  for (int i = 0; i < 4; ++i) {
    replicas.emplace_back([this] { RunCharges(); });
  }
  for (std::thread& replica : replicas) replica.join();
  RunCharges();
  ASSERT_EQ(Charges().size(), 1u);
  ExpectPaidOnce(invoice);
}

TEST_F(ChargeTaskTest, AChargeThatIsNotAnsweredHoldsBackNoOtherAccount) {
  const int bucket = events::BucketOf(Uuid::Derived({"account"}));
  Uuid other;
  for (int i = 0; i == 0 || events::BucketOf(other) != bucket; ++i) other = Uuid::Derived({"other", absl::StrCat(i)});
  const std::string name = absl::StrCat("billingAccounts/", other.ToString());
  v1::ActivateOrderRequest order = OrderRequest("other");
  order.set_billing_account(name);
  ASSERT_OK(Activate(order));
  v1::SetPaymentMethodRequest method = MethodRequest("tok");
  method.set_name(name);
  ASSERT_OK(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, method));
  DueInvoice();

  std::atomic<int> asked = 0;
  absl::Notification both_asked;
  processor_.before_booking = [&] {
    if (++asked == 2) both_asked.Notify();
    EXPECT_TRUE(both_asked.WaitForNotificationWithTimeout(absl::Seconds(60)));
  };
  RunCharges();
  EXPECT_EQ(TimesCharged(), 2);
  EXPECT_EQ(CountRows("invoices WHERE state = 'PAID'"), 2);
}

TEST_F(ChargeTaskTest, FindsTheBucketsWithWork) {
  const int bucket = events::BucketOf(Uuid::Derived({"account"}));
  DueInvoice();
  events::Leases leases(database_->database(), "a", absl::Seconds(10));
  ASSERT_OK(leases.Refresh(testing::TestDeadline(), [](int) { return true; }));
  const auto due = [&] { return *charges_.ListDueBuckets(testing::TestDeadline(), DateOf(clock_.Now())); };
  EXPECT_THAT(due(), ::testing::ElementsAre(bucket));
  processor_.answer = absl::UnavailableError("lost");
  RunCharges();
  EXPECT_THAT(due(), ::testing::ElementsAre(bucket));
  processor_.answer = absl::OkStatus();
  RunCharges();
  EXPECT_THAT(due(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace countersign::billing
