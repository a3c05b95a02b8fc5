#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"

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
                   {"bank_receipt.external_reference", "bank_receipt.amount", "bank_receipt.value_date",
                    "bank_receipt.billing_account", "request_id"});
  ExpectNothingWritten();
}

TEST_F(BankReceiptServiceTest, NamesTheBadField) {
  using Spoil = std::pair<std::string, std::function<void(v1::BankReceipt&)>>;
  const std::vector<Spoil> cases = {
      {"external_reference", [](auto& r) { r.set_external_reference(std::string(65, 'x')); }},
      {"external_reference", [](auto& r) { r.set_external_reference("\x01"); }},
      {"external_reference", [](auto& r) { r.set_external_reference(" x"); }},
      {"external_reference", [](auto& r) { r.set_external_reference("Überweisung"); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(-375); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(0); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_nanos(1'000); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_currency_code("XXX"); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(1'000'000'000'001); }},
      {"value_date", [](auto& r) { r.mutable_value_date()->set_month(13); }},
      {"billing_account", [](auto& r) { r.set_billing_account("partners/" + kId); }},
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
