#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class CreditNoteServiceTest : public ApiTest {
 protected:
  v1::CreateCreditNoteRequest Request(const std::string& invoice) const {
    v1::CreateCreditNoteRequest request;
    request.set_parent(account_);
    request.mutable_credit_note()->set_invoice(invoice);
    request.mutable_credit_note()->set_reason("Two seats were never delivered.");
    request.set_request_id(NewRequestId());
    return request;
  }
  v1::CreateCreditNoteRequest Amount(const std::string& invoice, int64_t units) const {
    v1::CreateCreditNoteRequest request = Request(invoice);
    request.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
    request.mutable_credit_note()->mutable_amount()->set_units(units);
    return request;
  }
  v1::CreateCreditNoteRequest Whole(const std::string& invoice) const {
    v1::CreateCreditNoteRequest request = Request(invoice);
    request.mutable_credit_note()->set_whole(true);
    return request;
  }

  absl::StatusOr<v1::CreditNote> Create(const v1::CreateCreditNoteRequest& request) {
    return Call(&v1::CreditNoteService::Stub::CreateCreditNote, request);
  }

  void Pay(int64_t units, const std::string& reference, const std::string& invoice = "") {
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(units, reference, invoice)));
    Drain();
  }

  // What the partner earned and lost, in cents; the clock stands still, so in no order.
  std::vector<int64_t> FeesInCents() {
    Drain();
    std::vector<int64_t> cents;
    for (const v1::Fee& fee : Fees(kOperator)) {
      cents.push_back(fee.amount().units() * 100 + fee.amount().nanos() / 10'000'000);
    }
    return cents;
  }

  v1::Invoice Read(const std::string& name) {
    const absl::StatusOr<v1::Invoice> invoice = GetInvoice(name);
    EXPECT_OK(invoice);
    return invoice.value_or(v1::Invoice());
  }

  static int64_t CreditInUnits() {
    return database_->Query("SELECT credit_micros FROM billing_accounts").at(0).Int(0) / 1'000'000;
  }
};

TEST_F(CreditNoteServiceTest, OfAnOpenInvoiceClosesWhatIsDueAndLeavesTheRestAsCredit) {
  const std::string invoice = OpenInvoice();
  Pay(300, "BANK-1");
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote note, Create(Amount(invoice, 100)));
  const std::string number = Read(invoice).invoice_number();
  EXPECT_EQ(note.credit_note_number(), number.substr(0, number.find('-')) + "-C1");
  EXPECT_EQ(note.invoice(), invoice);
  EXPECT_EQ(note.total().units(), 100);
  EXPECT_EQ(note.applied().units(), 75);
  EXPECT_EQ(note.credited().units(), 25);
  const v1::Invoice paid = Read(invoice);
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(paid.amount_paid().units(), 300);
  EXPECT_EQ(paid.amount_credited().units(), 75);
  EXPECT_EQ(CreditInUnits(), 25);
  EXPECT_THAT(FeesInCents(), ElementsAre(33'00));
  ExpectBalancedBooks();
}

TEST_F(CreditNoteServiceTest, OfAPaidInvoiceReversesItsFeeAndItsCreditPaysTheNextInvoice) {
  const std::string first = OpenInvoice("first");
  Pay(375, "BANK-1");
  ASSERT_OK(Create(Whole(first)));
  EXPECT_EQ(Read(first).state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CreditInUnits(), 375);
  EXPECT_THAT(FeesInCents(), UnorderedElementsAre(45'00, -45'00));
  const std::string second = OpenInvoice("second");
  Drain();
  EXPECT_EQ(Read(second).state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(CreditInUnits(), 0);
  EXPECT_THAT(FeesInCents(), UnorderedElementsAre(45'00, -45'00, 45'00));
  ExpectBalancedBooks();
}

TEST_F(CreditNoteServiceTest, CreditOfAReceiptPaysANewInvoiceAndTheRestOfItIsDue) {
  const std::string first = OpenInvoice("first");
  Pay(500, "BANK-1");
  EXPECT_EQ(CreditInUnits(), 125);
  const std::string second = OpenInvoice("second");
  Drain();
  EXPECT_EQ(Read(second).amount_due().units(), 250);
  EXPECT_EQ(CreditInUnits(), 0);
  Pay(250, "BANK-2");
  EXPECT_EQ(Read(second).state(), v1::Invoice::STATE_PAID);
  EXPECT_THAT(FeesInCents(), UnorderedElementsAre(45'00, 45'00));
  ExpectBalancedBooks();
}

TEST_F(CreditNoteServiceTest, PreviewSaysWhatCreateWillWriteAndWritesNothing) {
  const std::string invoice = OpenInvoice();
  const v1::CreateCreditNoteRequest request = Amount(invoice, 75);
  v1::PreviewCreditNoteRequest preview;
  preview.set_parent(account_);
  *preview.mutable_credit_note() = request.credit_note();
  const int64_t before = CountRows("events");
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote previewed, Call(&v1::CreditNoteService::Stub::PreviewCreditNote, preview));
  v1::CreateCreditNoteRequest validated = request;
  validated.set_validate_only(true);
  ASSERT_OK(Create(validated));
  EXPECT_EQ(CountRows("events"), before);
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote created, Create(request));
  EXPECT_EQ(created.SerializeAsString(), previewed.SerializeAsString());
}

TEST_F(CreditNoteServiceTest, ByLineAndDaysOnceOnly) {
  const std::string invoice = OpenInvoice();
  v1::CreateCreditNoteRequest request = Request(invoice);
  v1::CreditNoteDraft::Line& line = *request.mutable_credit_note()->add_lines();
  *line.mutable_service_start_date() = rpc::ToProto(Date(2009, 6, 11));
  *line.mutable_service_end_date() = rpc::ToProto(Date(2009, 7, 1));
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote note, Create(request));
  EXPECT_EQ(note.total().units(), 250);
  ASSERT_EQ(note.lines_size(), 1);
  EXPECT_EQ(note.lines(0).service_start_date().day(), 11);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Create(request), HasReason("DAYS_ALREADY_CREDITED"));
  EXPECT_THAT(Create(Amount(invoice, 126)), HasReason("CREDIT_EXCEEDS_INVOICE"));
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote rest, Create(Whole(invoice)));
  EXPECT_EQ(rest.total().units(), 125);
  EXPECT_THAT(Create(Whole(invoice)), HasReason("NOTHING_TO_CREDIT"));
}

TEST_F(CreditNoteServiceTest, GetAndListGiveWhatWasCreated) {
  const std::string invoice = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote first, Create(Amount(invoice, 7)));
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote second, Create(Amount(invoice, 8)));
  v1::GetCreditNoteRequest get;
  get.set_name(second.name());
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote read, Call(&v1::CreditNoteService::Stub::GetCreditNote, get));
  EXPECT_EQ(read.SerializeAsString(), second.SerializeAsString());
  v1::ListCreditNotesRequest list;
  list.set_parent(account_);
  list.set_page_size(1);
  list.set_filter(absl::StrCat("invoice = \"", invoice, "\""));
  ASSERT_OK_AND_ASSIGN(v1::ListCreditNotesResponse page, Call(&v1::CreditNoteService::Stub::ListCreditNotes, list));
  ASSERT_EQ(page.credit_notes_size(), 1);
  EXPECT_EQ(page.credit_notes(0).SerializeAsString(), first.SerializeAsString());
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page, Call(&v1::CreditNoteService::Stub::ListCreditNotes, list));
  ASSERT_EQ(page.credit_notes_size(), 1);
  EXPECT_EQ(page.credit_notes(0).name(), second.name());
  EXPECT_EQ(page.next_page_token(), "");
  get.set_name(absl::StrCat(account_, "/creditNotes/", kId));
  EXPECT_THAT(Call(&v1::CreditNoteService::Stub::GetCreditNote, get), HasReason("CREDIT_NOTE_NOT_FOUND"));
}

TEST_F(CreditNoteServiceTest, IsNotForPartners) {
  EXPECT_THAT(Call(&v1::CreditNoteService::Stub::CreateCreditNote, Whole(OpenInvoice()), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(CreditNoteServiceTest, NamesTheBadField) {
  using Spoil = std::pair<std::string, std::function<void(v1::CreateCreditNoteRequest&)>>;
  const std::string other = absl::StrCat("billingAccounts/", kId, "/invoices/", kId);
  const std::vector<Spoil> cases = {
      {"credit_note", [](auto& r) { r.mutable_credit_note()->set_tax_only(true); }},
      {"credit_note", [](auto& r) { r.mutable_credit_note()->set_whole(false); }},
      {"credit_note.reason", [](auto& r) { r.mutable_credit_note()->set_reason(" "); }},
      {"credit_note.invoice", [&](auto& r) { r.mutable_credit_note()->set_invoice(other); }},
      {"credit_note.amount",
       [](auto& r) {
         r.mutable_credit_note()->set_whole(false);
         r.mutable_credit_note()->mutable_amount()->set_units(-1);
         r.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
       }},
      {"credit_note.amount",
       [](auto& r) {
         r.mutable_credit_note()->set_whole(false);
         r.mutable_credit_note()->mutable_amount()->set_units(1);
         r.mutable_credit_note()->mutable_amount()->set_currency_code("EUR");
       }},
      {"credit_note.lines",
       [](auto& r) {
         r.mutable_credit_note()->set_whole(false);
         r.mutable_credit_note()->add_lines()->set_line(7);
       }},
      {"credit_note.lines[0].line",
       [](auto& r) {
         r.mutable_credit_note()->set_whole(false);
         r.mutable_credit_note()->add_lines()->set_line(20);
       }},
      {"credit_note.lines[0].service_end_date", [](auto& r) {
         r.mutable_credit_note()->set_whole(false);
         *r.mutable_credit_note()->add_lines()->mutable_service_start_date() = rpc::ToProto(Date(2009, 6, 11));
       }}};
  const std::string invoice = OpenInvoice();
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    v1::CreateCreditNoteRequest request = Whole(invoice);
    spoil(request);
    ExpectViolations(Create(request).status(), {field});
  }
  EXPECT_EQ(CountRows("credit_notes"), 0);
}

TEST_F(CreditNoteServiceTest, VoidingWritesAFullCreditNoteAndEarnsNothing) {
  const std::string invoice = OpenInvoice();
  v1::VoidInvoiceRequest request;
  request.set_name(invoice);
  request.set_reason("Sent to the wrong company.");
  request.set_etag("7");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::VoidInvoice, request), HasReason("ETAG_MISMATCH"));
  request.set_etag("1");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice voided, Call(&v1::InvoiceService::Stub::VoidInvoice, request));
  EXPECT_EQ(voided.state(), v1::Invoice::STATE_VOID);
  EXPECT_EQ(voided.amount_due().units(), 0);
  EXPECT_EQ(voided.SerializeAsString(), Read(invoice).SerializeAsString());
  EXPECT_EQ(CountRows("credit_notes WHERE voids_invoice = 1 AND applied_micros = 375000000"), 1);
  EXPECT_THAT(FeesInCents(), ElementsAre());
  request.set_etag("");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::VoidInvoice, request), HasReason("INVOICE_STATE"));
  EXPECT_THAT(Create(Whole(invoice)), HasReason("NOTHING_TO_CREDIT"));
  ExpectBalancedBooks();
}

TEST_F(CreditNoteServiceTest, WhatIsPaidInPartIsNotVoided) {
  const std::string invoice = OpenInvoice();
  Pay(300, "BANK-1");
  v1::VoidInvoiceRequest request;
  request.set_name(invoice);
  request.set_reason("Sent to the wrong company.");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::VoidInvoice, request), HasReason("INVOICE_PARTLY_PAID"));
}

TEST_F(CreditNoteServiceTest, WhatIsWrittenOffIsStillOwedAndCanBePaid) {
  const std::string invoice = OpenInvoice();
  v1::MarkInvoiceUncollectibleRequest request;
  request.set_name(invoice);
  request.set_reason("The company was dissolved.");
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Invoice given_up, Call(&v1::InvoiceService::Stub::MarkInvoiceUncollectible, request));
  EXPECT_EQ(given_up.state(), v1::Invoice::STATE_UNCOLLECTIBLE);
  EXPECT_EQ(given_up.amount_due().units(), 375);
  Pay(375, "BANK-1");
  EXPECT_EQ(Read(invoice).state(), v1::Invoice::STATE_PAID);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::MarkInvoiceUncollectible, request), HasReason("INVOICE_STATE"));
  EXPECT_THAT(FeesInCents(), ElementsAre(45'00));
}

}  // namespace
}  // namespace countersign::billing
