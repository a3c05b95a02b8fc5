#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/bank_receipt.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

using BankReceiptServiceTest = ApiTest;

TEST_F(BankReceiptServiceTest, ReferenceOfTheBankIsRecordedOnce) {
  OpenInvoice();
  const v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt first, Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt again, Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")),
              HasReason("EXTERNAL_REFERENCE_TAKEN"));
  EXPECT_EQ(CountRows("bank_receipts"), 1);
}

TEST_F(BankReceiptServiceTest, ReferenceReservedByALostTryIsTakenAgainByTheSameRequest) {
  OpenInvoice();
  const v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  // As if the process had died between the reservation and the receipt.
  for (const char* table : {"bank_receipts", "stored_replies"}) {
    database_->Execute(absl::StrCat("DELETE FROM ", table));
  }
  database_->Execute("DELETE FROM events WHERE type = 'BANK_RECEIPT_CREATED'");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  EXPECT_EQ(CountRows("bank_receipts"), 1);
}

TEST_F(BankReceiptServiceTest, TheSameReferenceOnAnotherDayLineOrBankAccountIsOtherMoney) {
  OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(10, "BANK-1");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  const std::vector<std::function<void(v1::BankReceipt&)>> others = {
      [](auto& r) { r.set_line(1); }, [](auto& r) { r.set_receiving_bank_account("DE00"); },
      [](auto& r) { *r.mutable_booking_date() = rpc::ToProto(Date(2009, 5, 31)); }};
  for (const auto& differ : others) {
    v1::CreateBankReceiptRequest other = request;
    other.set_request_id(NewRequestId());
    differ(*other.mutable_bank_receipt());
    EXPECT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, other));
    other.set_request_id(NewRequestId());
    EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, other), HasReason("EXTERNAL_REFERENCE_TAKEN"));
  }
  EXPECT_EQ(CountRows("bank_receipts"), 4);
}

TEST_F(BankReceiptServiceTest, ReservationOfAReceiptThatWasNeverWrittenIsTakenByAnyone) {
  OpenInvoice();
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  // As if the process had died between the reservation and the receipt, and its caller never came back.
  for (const char* table : {"bank_receipts", "stored_replies"}) {
    database_->Execute(absl::StrCat("DELETE FROM ", table));
  }
  database_->Execute("DELETE FROM events WHERE type = 'BANK_RECEIPT_CREATED'");
  v1::CreateBankReceiptRequest validated = ReceiptRequest(375, "BANK-1");
  validated.set_validate_only(true);
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, validated));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  EXPECT_EQ(CountRows("bank_receipts"), 1);
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")),
              HasReason("EXTERNAL_REFERENCE_TAKEN"));
}

TEST_F(BankReceiptServiceTest, OneRequestIdWithTwoReferencesAtOnceRecordsOneAndBlocksNeither) {
  OpenInvoice();
  for (int round = 0; round < 10; ++round) {
    const std::string id = NewRequestId();
    std::vector<std::string> references = {absl::StrCat("A-", round), absl::StrCat("B-", round)};
    std::vector<absl::Status> results(references.size());
    std::vector<std::thread> callers;
    for (size_t i = 0; i < references.size(); ++i) {
      callers.emplace_back([&, i] {
        v1::CreateBankReceiptRequest request = ReceiptRequest(1, references[i]);
        request.set_request_id(id);
        results[i] = Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request).status();
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_NE(results[0].ok(), results[1].ok()) << results[0] << " " << results[1];
    const std::string& lost = references[results[0].ok() ? 1 : 0];
    EXPECT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(1, lost)));
  }
  EXPECT_EQ(CountRows("bank_receipts"), 20);
}

TEST_F(BankReceiptServiceTest, MoneyOfAnUnknownPayerWaitsUntilItIsAllocated) {
  const std::string invoice = OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  request.mutable_bank_receipt()->clear_billing_account();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt, Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  EXPECT_EQ(receipt.state(), v1::BankReceipt::STATE_UNALLOCATED);
  Drain();
  EXPECT_EQ(CountRows("payments"), 0);
  v1::ListBankReceiptsRequest list;
  list.set_filter("state = UNALLOCATED");
  ASSERT_OK_AND_ASSIGN(const v1::ListBankReceiptsResponse page,
                       Call(&v1::BankReceiptService::Stub::ListBankReceipts, list));
  ASSERT_EQ(page.bank_receipts_size(), 1);
  EXPECT_EQ(page.bank_receipts(0).SerializeAsString(), receipt.SerializeAsString());
  v1::AllocateBankReceiptRequest allocate;
  allocate.set_name(receipt.name());
  allocate.set_billing_account(account_);
  allocate.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt allocated,
                       Call(&v1::BankReceiptService::Stub::AllocateBankReceipt, allocate));
  EXPECT_EQ(allocated.state(), v1::BankReceipt::STATE_ALLOCATED);
  Drain();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(invoice));
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  allocate.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::AllocateBankReceipt, allocate), HasReason("BANK_RECEIPT_STATE"));
  v1::GetBankReceiptRequest get;
  get.set_name(receipt.name());
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt read, Call(&v1::BankReceiptService::Stub::GetBankReceipt, get));
  EXPECT_EQ(read.SerializeAsString(), allocated.SerializeAsString());
}

TEST_F(BankReceiptServiceTest, RefusesWhatNobodyOwesInThatCurrencyOrPlace) {
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")),
              HasReason("BILLING_ACCOUNT_NOT_FOUND"));
  OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  request.mutable_bank_receipt()->mutable_amount()->set_currency_code("EUR");
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request), HasReason("CURRENCY_MISMATCH"));
  const std::string unknown = absl::StrCat(account_, "/invoices/", Uuid::Derived({"unknown"}).ToString());
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", unknown)),
              HasReason("INVOICE_NOT_FOUND"));
  EXPECT_EQ(CountRows("bank_receipts"), 0);
  EXPECT_EQ(CountRows("bank_receipt_references"), 0);
}

TEST_F(BankReceiptServiceTest, ValidateOnlyWritesNothing) {
  OpenInvoice();
  v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
  request.set_validate_only(true);
  EXPECT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
  EXPECT_EQ(CountRows("bank_receipts"), 0);
  EXPECT_EQ(CountRows("bank_receipt_references"), 0);
}

TEST_F(BankReceiptServiceTest, EventNamesTheAccountAndTheInvoice) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::BankReceipt receipt,
                       Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", invoice)));
  const auto event = EventOf<v1::BankReceiptEvent>("BANK_RECEIPT_CREATED");
  EXPECT_EQ(event.bank_receipt(), receipt.name());
  EXPECT_EQ(event.version(), 1);
  EXPECT_EQ(event.billing_account(), account_);
  EXPECT_EQ(event.invoice(), invoice);
}

TEST_F(BankReceiptServiceTest, IsNotForPartners) {
  EXPECT_THAT(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1"), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(BankReceiptServiceTest, NamesEveryMissingField) {
  ExpectViolations(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, v1::CreateBankReceiptRequest()).status(),
                   {"bank_receipt.external_reference", "bank_receipt.amount", "bank_receipt.value_date", "request_id"});
  ExpectNothingWritten();
}

TEST_F(BankReceiptServiceTest, NamesTheBadField) {
  using Spoil = std::pair<std::string, std::function<void(v1::BankReceipt&)>>;
  const std::vector<Spoil> cases = {
      {"external_reference", [](auto& r) { r.set_external_reference(std::string(65, 'x')); }},
      {"external_reference", [](auto& r) { r.set_external_reference("\x01"); }},
      {"external_reference", [](auto& r) { r.set_external_reference("a\u200Bb"); }},
      {"external_reference", [](auto& r) { r.set_external_reference("Überweisung"); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(-375); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(0); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_nanos(1'000); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_currency_code("XXX"); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(1'000'000'000'001); }},
      {"value_date", [](auto& r) { r.mutable_value_date()->set_month(13); }},
      {"value_date", [](auto& r) { r.mutable_value_date()->set_year(2199); }},
      {"value_date", [](auto& r) { r.mutable_value_date()->set_year(2007), r.mutable_value_date()->set_month(5); }},
      {"booking_date", [](auto& r) { *r.mutable_booking_date() = rpc::ToProto(Date(2009, 6, 3)); }},
      {"receiving_bank_account", [](auto& r) { r.set_receiving_bank_account(std::string(35, 'x')); }},
      {"line", [](auto& r) { r.set_line(-1); }},
      {"billing_account",
       [](auto& r) {
         r.set_billing_account("partners/" + kId);
         r.clear_invoice();
       }},
      {"invoice", [](auto& r) { r.set_invoice("invoices/" + kId); }},
      {"invoice", [](auto& r) { r.set_invoice("billingAccounts/" + kId + "/invoices/" + kId); }}};
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
    spoil(*request.mutable_bank_receipt());
    ExpectViolations(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request).status(),
                     {"bank_receipt." + field});
  }
  ExpectNothingWritten();
}

}  // namespace
}  // namespace countersign::billing
