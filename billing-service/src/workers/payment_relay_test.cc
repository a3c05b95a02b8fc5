// From the bank's money to the partner's fee.
#include <string>
#include <thread>
#include <vector>

#include "billing-service/src/api/api_test_base.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class PaymentTest : public ApiTest {
 protected:
  // The name of the first invoice of a new order.
  std::string OpenInvoice(absl::string_view order = "order") {
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
    EXPECT_OK(activated);
    return activated.ok() ? activated->invoices(0) : "";
  }

  std::vector<v1::Fee> Fees(absl::string_view caller, const std::string& filter = "") {
    v1::ListFeesRequest request;
    request.set_parent(partner_);
    request.set_filter(filter);
    const absl::StatusOr<v1::ListFeesResponse> page = Call(&Stub::ListFees, request, caller);
    EXPECT_OK(page);
    return page.ok() ? std::vector<v1::Fee>(page->fees().begin(), page->fees().end()) : std::vector<v1::Fee>();
  }

  int64_t Credit() { return database_->Query("SELECT credit_micros FROM billing_accounts").at(0).Int(0); }
};

TEST_F(PaymentTest, PaidInvoiceAccruesThePartnersFee) {
  const std::string invoice = OpenInvoice();
  clock_.Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  EXPECT_EQ(receipt.billing_account(), account_);
  Drain();

  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(invoice));
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(paid.amount_due().units(), 0);
  EXPECT_EQ(paid.paid_time().seconds(), absl::ToUnixSeconds(clock_.Now()));

  const std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 1u);
  EXPECT_EQ(fees[0].state(), v1::Fee::STATE_ACCRUED);
  EXPECT_EQ(fees[0].amount().units(), 45);
  EXPECT_EQ(fees[0].invoice(), invoice);
  EXPECT_EQ(fees[0].line(), 0);
  EXPECT_EQ(fees[0].rate_basis_points(), 1200);
  EXPECT_EQ(fees[0].explanation(), "375.00 USD × 12 % × 30/30 days = 45.00 USD");
  ExpectBalancedBooks();
}

TEST_F(PaymentTest, FeesAreFilteredByEveryFieldThatIsNamed) {
  const std::string first = OpenInvoice("first");
  const std::string second = OpenInvoice("second");
  ASSERT_OK(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", first)));
  Drain();
  clock_.Advance(absl::Hours(24));
  ASSERT_OK(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-2", second)));
  Drain();
  const std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 2u);
  const auto only = [&](const std::string& filter) {
    const std::vector<v1::Fee> found = Fees(partner_, filter);
    return found.size() == 1 ? found[0].name() : absl::StrCat(found.size(), " entries");
  };
  EXPECT_EQ(only(absl::StrCat("invoice = \"", second, "\"")), fees[1].name());
  EXPECT_EQ(only(absl::StrCat("subscription = \"", fees[0].subscription(), "\"")), fees[0].name());
  EXPECT_EQ(only("accrue_time < \"2009-06-02T00:00:00Z\""), fees[0].name());
  EXPECT_EQ(Fees(partner_, "state = ACCRUED AND rate_basis_points = 1200").size(), 2u);
  EXPECT_EQ(Fees(partner_, "state = HELD OR rate_basis_points < 1200").size(), 0u);
}

TEST_F(PaymentTest, WhatOperatorsDoWithDeliveriesPaysAndEarnsNothing) {
  for (const events::Event& event : testing::DeliveryEvents()) {
    EXPECT_OK(payment_relay_.consumer().deliver(event, testing::TestDeadline()));
    EXPECT_OK(fee_relay_.consumer().deliver(event, testing::TestDeadline()));
  }
}

TEST_F(PaymentTest, DeliveredAgainNothingIsPaidOrEarnedTwice) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
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
    EXPECT_OK(payment_relay_.consumer().deliver(event, testing::TestDeadline()));
    EXPECT_OK(fee_relay_.consumer().deliver(event, testing::TestDeadline()));
  }
  EXPECT_EQ(CountRows("events"), before);
  EXPECT_EQ(CountRows("payments"), 1);
  EXPECT_EQ(CountRows("fees"), 1);
  EXPECT_EQ(Credit(), 0);
}

TEST_F(PaymentTest, WithoutAnInstructionTheOldestIsPaidFirstAndTheRestIsCredit) {
  const std::string first = OpenInvoice("first");
  const std::string second = OpenInvoice("second");
  ASSERT_OK(Call(&Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-1")));
  Drain();
  ASSERT_OK_AND_ASSIGN(v1::Invoice older, GetInvoice(first));
  ASSERT_OK_AND_ASSIGN(v1::Invoice newer, GetInvoice(second));
  EXPECT_EQ(older.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(newer.state(), v1::Invoice::STATE_OPEN);
  EXPECT_EQ(newer.amount_due().units(), 350);
  ASSERT_OK(Call(&Stub::CreateBankReceipt, ReceiptRequest(400, "BANK-2")));
  Drain();
  ASSERT_OK_AND_ASSIGN(newer, GetInvoice(second));
  EXPECT_EQ(newer.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(Credit(), 50'000'000);
  EXPECT_EQ(Fees(kOperator).size(), 2u);
  ExpectBalancedBooks();
}

TEST_F(PaymentTest, ReceiptsOfOneAccountThatWaitTogetherAreAllUsed) {
  const std::string invoice = OpenInvoice();
  for (const char* reference : {"BANK-1", "BANK-2", "BANK-3"}) {
    ASSERT_OK(Call(&Stub::CreateBankReceipt, ReceiptRequest(125, reference)));
  }
  Drain();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(invoice));
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CountRows("payments"), 3);
  EXPECT_EQ(Fees(kOperator).size(), 1u);
  ExpectBalancedBooks();
}

TEST_F(PaymentTest, ReceiptsOfOneAccountDeliveredAtTheSameTimeAreAllUsedOnce) {
  const std::string invoice = OpenInvoice();
  std::vector<events::Event> events;
  for (const char* reference : {"BANK-1", "BANK-2", "BANK-3", "BANK-4"}) {
    ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt, Call(&Stub::CreateBankReceipt, ReceiptRequest(100, reference)));
    events::Event event;
    event.type = "BANK_RECEIPT_CREATED";
    event.aggregate = *Uuid::Parse(receipt.name().substr(receipt.name().find('/') + 1));
    events.push_back(event);
  }
  std::vector<std::thread> relays;
  relays.reserve(events.size());
  for (const events::Event& event : events) {
    relays.emplace_back([&] { EXPECT_OK(payment_relay_.consumer().deliver(event, testing::TestDeadline())); });
  }
  for (std::thread& relay : relays) relay.join();
  EXPECT_EQ(CountRows("payments"), 4);
  EXPECT_EQ(Credit(), 25'000'000);
  EXPECT_EQ(CountRows("invoices WHERE state = 'PAID' AND paid_micros = 375000000"), 1);
  ExpectBalancedBooks(45'000'000);
}

TEST_F(PaymentTest, ReferenceOfTheBankIsRecordedOnce) {
  OpenInvoice();
  const v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt first, Call(&Stub::CreateBankReceipt, request));
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt again, Call(&Stub::CreateBankReceipt, request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")), HasReason("EXTERNAL_REFERENCE_TAKEN"));
  EXPECT_EQ(CountRows("bank_receipts"), 1);
}

TEST_F(PaymentTest, ReferenceReservedByALostTryIsTakenAgainByTheSameRequest) {
  OpenInvoice();
  const v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  ASSERT_OK(Call(&Stub::CreateBankReceipt, request));
  // As if the process had died between the reservation and the receipt.
  for (const char* table : {"bank_receipts", "stored_replies"}) {
    database_->Execute(absl::StrCat("DELETE FROM ", table));
  }
  database_->Execute("DELETE FROM events WHERE type = 'BANK_RECEIPT_CREATED'");
  ASSERT_OK(Call(&Stub::CreateBankReceipt, request));
  EXPECT_EQ(CountRows("bank_receipts"), 1);
}

TEST_F(PaymentTest, RefusesWhatNobodyOwesInThatCurrencyOrPlace) {
  EXPECT_THAT(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")), HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  request.mutable_bank_receipt()->mutable_amount()->set_currency_code("EUR");
  EXPECT_THAT(Call(&Stub::CreateBankReceipt, request), HasReason("CURRENCY_MISMATCH"));
  const std::string unknown = absl::StrCat(account_, "/invoices/", Uuid::Derived({"unknown"}).ToString());
  EXPECT_THAT(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", unknown)), HasReason("INVOICE_NOT_FOUND"));
  EXPECT_EQ(CountRows("bank_receipts"), 0);
  EXPECT_EQ(CountRows("bank_receipt_references"), 0);
}

TEST_F(PaymentTest, ValidateOnlyWritesNothing) {
  OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  request.set_validate_only(true);
  EXPECT_OK(Call(&Stub::CreateBankReceipt, request));
  EXPECT_EQ(CountRows("bank_receipts"), 0);
  EXPECT_EQ(CountRows("bank_receipt_references"), 0);
}

TEST_F(PaymentTest, PartnersReadTheirOwnFeesOnly) {
  v1::ListFeesRequest request;
  request.set_parent(partner_);
  const std::string other = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
  EXPECT_THAT(Call(&Stub::ListFees, request, other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1"), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PaymentTest, NeitherMoneyThatCameNorAFeeThatWasEarnedIsGivenUp) {
  EXPECT_TRUE(relay().MustArrive("payments", "BANK_RECEIPT_CREATED"));
  EXPECT_TRUE(relay().MustArrive("fees", "FEE_EARNED"));
  EXPECT_FALSE(relay().MustArrive("fees", "BANK_RECEIPT_CREATED"));
}

}  // namespace
}  // namespace countersign::billing
