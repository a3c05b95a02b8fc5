// From the bank's money to a paid invoice.
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/api/payment_events.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/payment_store.h"
#include "common/base/crypto.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/bank_receipt.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/payment.pb.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDeadline;

class PaymentRelayTest : public ApiTest {
 protected:
  void RefundCredit(int64_t units) {
    v1::CreateRefundRequest request;
    request.set_parent(account_);
    request.mutable_refund()->mutable_amount()->set_currency_code("USD");
    request.mutable_refund()->mutable_amount()->set_units(units);
    request.mutable_refund()->set_bank_reference("OUT-1");
    request.mutable_refund()->set_reason("The customer asked for it.");
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::RefundService::Stub::CreateRefund, request));
  }

  // Unapplies or reverses the receipt.
  template <typename Request>
  static Request UndoOf(const v1::BankReceipt& receipt, const std::string& reason) {
    Request request;
    request.set_name(receipt.name());
    request.set_reason(reason);
    request.set_request_id(NewRequestId());
    return request;
  }

  int64_t Credit() { return database_->Query("SELECT credit_micros FROM billing_accounts").at(0).Int(0); }
};

TEST_F(PaymentRelayTest, EventsNameTheReceiptAndTheInvoice) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  Drain();
  const auto payment = EventOf<v1::PaymentEvent>("PAYMENT_SUCCEEDED");
  EXPECT_EQ(payment.state(), v1::Payment::STATE_SUCCEEDED);
  EXPECT_EQ(payment.version(), 1);
  EXPECT_EQ(payment.bank_receipt(), receipt.name());
  ASSERT_EQ(payment.invoices_size(), 1);
  EXPECT_EQ(payment.invoices(0), invoice);
  const auto account = EventOf<v1::BillingAccountEvent>("PAYMENT_ALLOCATED");
  EXPECT_EQ(account.billing_account(), account_);
  EXPECT_EQ(account.version(), 2);
  EXPECT_EQ(account.payment(), payment.payment());
  const auto paid = EventOf<v1::InvoiceEvent>("INVOICE_PAID");
  EXPECT_EQ(paid.invoice(), invoice);
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(paid.version(), 2);
}

TEST_F(PaymentRelayTest, DigestOfAPaidInvoiceIsThatOfWhatGetReturns) {
  const std::string name = OpenInvoice();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", name)));
  Drain();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  const mysql::Row row = database_->Query("SELECT salt, resource_digest FROM events WHERE type = 'INVOICE_PAID'").at(0);
  EXPECT_EQ(row.Bytes(1), Sha256(absl::StrCat(row.Bytes(0), rpc::DeterministicBytes(invoice))));
}

TEST_F(PaymentRelayTest, WithoutAnInstructionTheOldestIsPaidFirstAndTheRestIsCredit) {
  const std::string first = OpenInvoice("first");
  const std::string second = OpenInvoice("second");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-1")));
  Drain();
  ASSERT_OK_AND_ASSIGN(v1::Invoice older, GetInvoice(first));
  ASSERT_OK_AND_ASSIGN(v1::Invoice newer, GetInvoice(second));
  EXPECT_EQ(older.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(newer.state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(newer.amount_due().units(), 350);
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-2")));
  Drain();
  ASSERT_OK_AND_ASSIGN(newer, GetInvoice(second));
  EXPECT_EQ(newer.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(Credit(), 50'000'000);
  EXPECT_EQ(Fees(kOperator).size(), 2u);
  ExpectBalancedBooks();
}

// 23 invoices of 20 lines: 506 rows at once.
TEST_F(PaymentRelayTest, AReceiptForMoreThanOneChangeHoldsIsUsedWhole) {
  constexpr int kInvoices = 23;
  for (int i = 0; i < kInvoices; ++i) {
    v1::ActivateOrderRequest order = OrderRequest(absl::StrCat("order-", i));
    while (order.lines_size() < 20) *order.add_lines() = order.lines(0);
    ASSERT_OK(Activate(order));
  }
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375 * 20 * kInvoices + 1, "LARGE")));
  Drain();
  EXPECT_EQ(CountRows("invoices WHERE state = 'PAID'"), kInvoices);
  EXPECT_EQ(CountRows("fees"), 20 * kInvoices);
  EXPECT_EQ(CountRows("payments"), 1);
  EXPECT_EQ(Credit(), 1'000'000);
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, ReceiptsOfOneAccountThatWaitTogetherAreAllUsed) {
  const std::string invoice = OpenInvoice();
  for (const char* reference : {"BANK-1", "BANK-2", "BANK-3"}) {
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(125, reference)));
  }
  Drain();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(invoice));
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CountRows("payments"), 3);
  EXPECT_EQ(Fees(kOperator).size(), 1u);
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, ReceiptsOfOneAccountDeliveredAtTheSameTimeAreAllUsedOnce) {
  const std::string invoice = OpenInvoice();
  std::vector<events::Event> events;
  for (const char* reference : {"BANK-1", "BANK-2", "BANK-3", "BANK-4"}) {
    ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                         Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(100, reference)));
    events::Event event;
    event.type = "BANK_RECEIPT_CREATED";
    event.aggregate = *Uuid::Parse(receipt.name().substr(receipt.name().find('/') + 1));
    events.push_back(event);
  }
  std::vector<std::thread> relays;
  relays.reserve(events.size());
  for (const events::Event& event : events) {
    relays.emplace_back([&] { Deliver(event); });
  }
  for (std::thread& relay : relays) relay.join();
  EXPECT_EQ(CountRows("payments"), 4);
  EXPECT_EQ(Credit(), 25'000'000);
  EXPECT_EQ(CountRows("invoices WHERE state = 'PAID' AND paid_micros = 375000000"), 1);
  ExpectBalancedBooks(45'000'000);
}

TEST_F(PaymentRelayTest, DeliveredAgainNothingIsPaidOrEarnedTwice) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  Drain();
  std::vector<events::Event> events;
  for (const mysql::Row& row : database_->Query("SELECT tenant_id, aggregate_id, version, type, actor FROM events")) {
    events::Event event;
    event.tenant = row.Id(0);
    event.aggregate = row.Id(1);
    event.version = row.Int(2);
    event.type = row.Bytes(3);
    event.actor = row.Bytes(4);
    events.push_back(event);
  }
  const int64_t before = CountRows("events");
  for (const events::Event& event : events) {
    Deliver(event);
  }
  EXPECT_EQ(CountRows("events"), before);
  EXPECT_EQ(CountRows("payments"), 1);
  EXPECT_EQ(CountRows("fees"), 1);
  EXPECT_EQ(Credit(), 0);
}

// What the partner earned and lost, oldest first, in cents.
std::vector<int64_t> CentsOf(const std::vector<v1::Fee>& fees) {
  std::vector<int64_t> cents;
  for (const v1::Fee& fee : fees) cents.push_back(fee.amount().units() * 100 + fee.amount().nanos() / 10'000'000);
  return cents;
}

TEST_F(PaymentRelayTest, ABouncedReceiptReopensItsInvoiceAndTheNextEarnsAgain) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  Drain();
  clock_.Advance(absl::Hours(24 * 20));
  auto reverse = UndoOf<v1::ReverseBankReceiptRequest>(receipt, "The bank returned it.");
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt reversed,
                       Call(&v1::BankReceiptService::Stub::ReverseBankReceipt, reverse));
  EXPECT_EQ(reversed.state(), v1::BankReceipt::STATE_REVERSED);
  Drain();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice reopened, GetInvoice(invoice));
  EXPECT_EQ(reopened.state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(reopened.amount_due().units(), 375);
  EXPECT_EQ(EventOf<v1::PaymentEvent>("PAYMENT_REVERSED").state(), v1::Payment::STATE_REVERSED);
  clock_.Advance(absl::Hours(24 * 15));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-2")));
  Drain();
  EXPECT_EQ(CentsOf(Fees(kOperator)), (std::vector<int64_t>{45'00, -45'00, 45'00}));
  reverse.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::ReverseBankReceipt, reverse), HasReason("BANK_RECEIPT_STATE"));
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, ABounceTakesBackTheCreditThatPaidAThirdInvoice) {
  const std::string first = OpenInvoice("first");
  const std::string second = OpenInvoice("second");
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(800, "BANK-1")));
  Drain();
  EXPECT_EQ(Credit(), 50'000'000);
  const std::string third = OpenInvoice("third");
  Drain();
  EXPECT_EQ(Credit(), 0);
  const auto reverse = UndoOf<v1::ReverseBankReceiptRequest>(receipt, "The bank returned it.");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::ReverseBankReceipt, reverse));
  Drain();
  for (const std::string& name : {first, second, third}) {
    ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
    EXPECT_EQ(invoice.state(), v1::Invoice::STATE_OPEN);
    EXPECT_EQ(invoice.amount_due().units(), 375);
  }
  EXPECT_EQ(Credit(), 0);
  EXPECT_EQ(Fees(kOperator).size(), 4u);
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, AWrongAllocationIsTakenBackAndTheMoneyPaysTheRightInvoice) {
  const std::string first = OpenInvoice("first");
  const std::string second = OpenInvoice("second");
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  Drain();
  const auto unapply = UndoOf<v1::UnapplyBankReceiptRequest>(receipt, "The payer meant the other invoice.");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::UnapplyBankReceipt, unapply));
  v1::AllocateBankReceiptRequest allocate;
  allocate.set_name(receipt.name());
  allocate.set_billing_account(account_);
  allocate.set_invoice(second);
  allocate.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::AllocateBankReceipt, allocate));
  Drain();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice open, GetInvoice(first));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(second));
  EXPECT_EQ(open.state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CountRows("payments WHERE state = 'REVERSED'"), 1);
  EXPECT_EQ(CountRows("payments WHERE state = 'SUCCEEDED'"), 1);
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, AReceiptWhoseCreditWasRefundedStaysOnItsAccountAndItsBounceIsOwed) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-1")));
  Drain();
  RefundCredit(25);
  const auto unapply = UndoOf<v1::UnapplyBankReceiptRequest>(receipt, "The payer meant another account.");
  const int64_t before = CountRows("events");
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::UnapplyBankReceipt, unapply), HasReason("CREDIT_REFUNDED"));
  EXPECT_EQ(CountRows("events"), before);
  EXPECT_EQ(CountRows("bank_receipts WHERE state = 'ALLOCATED'"), 1);
  const auto reverse = UndoOf<v1::ReverseBankReceiptRequest>(receipt, "The bank returned it.");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::ReverseBankReceipt, reverse));
  Drain();
  EXPECT_EQ(CountRows("payments WHERE state = 'REVERSED'"), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice open, GetInvoice(invoice));
  EXPECT_EQ(open.amount_due().units(), 375);
  EXPECT_EQ(Credit(), -25'000'000);
  EXPECT_EQ(CountRows("ledger_entries WHERE account = 'refund_recoverable' AND debit_micros = 25000000"), 1);
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-2")));
  Drain();
  EXPECT_EQ(Credit(), 0);
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, ARefundBetweenTheUnapplyingAndTheReversalIsOwedAndTheMoneyCountsOnce) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-1")));
  Drain();
  const auto unapply = UndoOf<v1::UnapplyBankReceiptRequest>(receipt, "The payer meant another account.");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::UnapplyBankReceipt, unapply));
  RefundCredit(25);
  Drain();
  EXPECT_EQ(CountRows("payments WHERE state = 'REVERSED'"), 1);
  EXPECT_EQ(Credit(), -25'000'000);
  ExpectBalancedBooks();
}

TEST_F(PaymentRelayTest, WhatOperatorsDoWithDeliveriesPaysAndEarnsNothing) {
  for (const events::Event& event : testing::DeliveryEvents()) {
    Deliver(event);
  }
}

TEST_F(PaymentRelayTest, NeitherMoneyThatCameNorAFeeThatWasEarnedIsGivenUp) {
  EXPECT_TRUE(relay().MustArrive("payments", "BANK_RECEIPT_CREATED"));
  EXPECT_TRUE(relay().MustArrive("fees", "FEE_EARNED"));
  EXPECT_FALSE(relay().MustArrive("fees", "BANK_RECEIPT_CREATED"));
}

// A replica has read the receipt as allocated and stalls; it is unapplied meanwhile, and another replica delivers that.
TEST_F(PaymentRelayTest, MoneyThatWasTakenOffIsNotUsedByAReplicaThatReadItBefore) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  const BankReceiptStore receipts(database_->database());
  const AccountBookStore books(database_->database());
  const Uuid id = *Uuid::Parse(receipt.name().substr(receipt.name().find('/') + 1));
  ASSERT_OK_AND_ASSIGN(const BankReceipt read, receipts.Get(TestDeadline(), id));
  ASSERT_OK_AND_ASSIGN(const AccountState state, books.Read(TestDeadline(), Uuid::Derived({"account"})));

  ASSERT_OK(Call(&v1::BankReceiptService::Stub::UnapplyBankReceipt,
                 UndoOf<v1::UnapplyBankReceiptRequest>(receipt, "The payer meant another account.")));
  Drain();
  EXPECT_EQ(CountRows("payments WHERE state = 'FAILED'"), 1);

  ASSERT_OK_AND_ASSIGN(const Settlement late, Settle(state, read, /*small_difference=*/0, clock_.Now()));
  ASSERT_OK_AND_ASSIGN(std::vector<mysql::RowWrite> rows, PaymentStore::Rows(late));
  const rpc::WorkerAct act = {.service = "billing-service", .now = clock_.Now()};
  EXPECT_TRUE(IsLostRace(committer_.Commit(
      TestDeadline(), {.events = PaymentEvents(act, late), .reply = std::nullopt, .rows = std::move(rows)})));
  Drain();
  EXPECT_EQ(CountRows("invoices WHERE state = 'OPEN' AND paid_micros = 0"), 1);
  EXPECT_EQ(CountRows("payments WHERE state = 'SUCCEEDED'"), 0);
  ExpectBalancedBooks();
}

}  // namespace
}  // namespace countersign::billing
