#include <string>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/base/date.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/document.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/legal_entity.pb.h"
#include "countersign/billing/v1/legal_entity_service.grpc.pb.h"
#include "countersign/billing/v1/tax_profile_service.grpc.pb.h"
#include "countersign/billing/v1/tax_rate.pb.h"
#include "countersign/billing/v1/tax_rate_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class InvoiceDocumentServiceTest : public ApiTest {
 protected:
  absl::StatusOr<v1::LegalEntity> AddSeller(const std::string& name, Date from) {
    v1::CreateLegalEntityRequest request;
    v1::LegalEntity& entity = *request.mutable_legal_entity();
    entity.set_currency_code("USD");
    *entity.mutable_effective_date() = rpc::ToProto(from);
    entity.set_legal_name(name);
    entity.mutable_address()->set_region_code("US");
    entity.mutable_address()->set_locality("Redmond");
    entity.mutable_address()->add_address_lines("1 Way");
    entity.set_tax_id("91-1144442");
    entity.set_bank_name("Bank of Examples");
    entity.set_bank_account("000123456789");
    request.set_request_id(NewRequestId());
    return Call(&v1::LegalEntityService::Stub::CreateLegalEntity, request);
  }

  absl::StatusOr<v1::Document> Document(const std::string& invoice, v1::PaperSize paper = {}) {
    v1::GetInvoiceDocumentRequest request;
    request.set_name(invoice);
    request.set_paper_size(paper);
    return Call(&v1::InvoiceService::Stub::GetInvoiceDocument, request);
  }
  std::string Html(const std::string& invoice) {
    const absl::StatusOr<v1::Document> document = Document(invoice);
    EXPECT_OK(document);
    return document.ok() ? document->html() : "";
  }

  void SetTaxId(const std::string& id) {
    v1::UpdateTaxProfileRequest request;
    request.mutable_tax_profile()->set_name(account_ + "/taxProfile");
    request.mutable_tax_profile()->set_tax_id(id);
    request.mutable_update_mask()->add_paths("tax_id");
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::TaxProfileService::Stub::UpdateTaxProfile, request));
  }
  void AddTaxRate(int64_t ppm) {
    v1::CreateTaxRateRequest request;
    v1::TaxRate& rate = *request.mutable_tax_rate();
    rate.set_region_code("US");
    rate.set_rate_ppm(ppm);
    *rate.mutable_effective_date() = rpc::ToProto(Date(2007, 1, 1));
    rate.set_rounding(v1::TaxRate::ROUNDING_HALF_UP);
    rate.set_tax_date(v1::TaxRate::TAX_DATE_INVOICE_DATE);
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::TaxRateService::Stub::CreateTaxRate, request));
  }
  void Pay(int64_t units, const std::string& reference, const std::string& invoice) {
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(units, reference, invoice)));
    Drain();
  }
  std::string Credit(const std::string& invoice, int64_t units) {
    v1::CreateCreditNoteRequest note;
    note.set_parent(account_);
    note.mutable_credit_note()->set_invoice(invoice);
    note.mutable_credit_note()->set_reason("Agreed & signed.");
    note.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
    note.mutable_credit_note()->mutable_amount()->set_units(units);
    note.set_request_id(NewRequestId());
    const absl::StatusOr<v1::CreditNote> created = Call(&v1::CreditNoteService::Stub::CreateCreditNote, note);
    EXPECT_OK(created);
    return created.ok() ? created->name() : "";
  }
  std::string CreditNoteHtml(const std::string& note) {
    v1::GetCreditNoteDocumentRequest request;
    request.set_name(note);
    const absl::StatusOr<v1::Document> document = Call(&v1::CreditNoteService::Stub::GetCreditNoteDocument, request);
    EXPECT_OK(document);
    return document.ok() ? document->html() : "";
  }
};

TEST_F(InvoiceDocumentServiceTest, SaysWhoOwesWhatForWhatAndWhereToPayIt) {
  ASSERT_OK(AddSeller("Contoso Online, Inc.", Date(2009, 1, 1)));
  AddTaxRate(190'000);
  const std::string name = OpenInvoice();
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  const std::string html = Html(name);
  EXPECT_THAT(
      html, AllOf(HasSubstr("<h1>Invoice <bdi>" + invoice.invoice_number() + "</bdi></h1>"),
                  HasSubstr("Contoso Online, Inc."), HasSubstr("<p><bdi>1 Way</bdi></p>"),
                  HasSubstr("Tax id <bdi>91-1144442</bdi>"), HasSubstr("Fabrikam, Inc."), HasSubstr("1 Pine Street")));
  EXPECT_THAT(
      html, AllOf(HasSubstr("<dd>1 June 2009</dd>"), HasSubstr("<dd>Net 30 days</dd>"),
                  HasSubstr("<dd>1 July 2009</dd>"), HasSubstr("Purchase order <bdi>PO-4711</bdi>"),
                  HasSubstr("Service from 1 June 2009 to 30 June 2009"), HasSubstr("25 × $15.00 × 1 month = $375.00")));
  EXPECT_THAT(
      html,
      AllOf(HasSubstr("<th scope=\"row\">19%</th><td class=\"n\">$375.00</td><td class=\"n\">$71.25</td>"),
            HasSubstr("<strong>$446.25</strong>"), HasSubstr("Please pay <strong>$446.25</strong>"),
            HasSubstr("000123456789"), HasSubstr("<dt>Reference</dt><dd><strong><bdi>" + invoice.invoice_number())));
  EXPECT_THAT(html, Not(HasSubstr("{{")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("href")), Not(HasSubstr("src="))))
      << "it needs nothing else";
}

TEST_F(InvoiceDocumentServiceTest, WhatHappensLaterChangesNoByte) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  const std::string name = OpenInvoice();
  const std::string html = Html(name);
  SetDay(Date(2009, 6, 20));
  const std::string note = Credit(name, 100);
  const std::string credited = CreditNoteHtml(note);
  Pay(300, "BANK-1", name);
  Credit(name, 20);
  SetTaxId("US-1");
  ASSERT_OK(AddSeller("Another", Date(2009, 6, 21)));
  SetDay(Date(2009, 8, 1));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice paid, GetInvoice(name));
  EXPECT_EQ(paid.state(), v1::Invoice::STATE_PAID);
  EXPECT_EQ(Html(name), html);
  EXPECT_EQ(CreditNoteHtml(note), credited);
}

TEST_F(InvoiceDocumentServiceTest, ACreditNoteSaysWhatItCreditsAndWhatBecomesOfIt) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  AddTaxRate(190'000);
  const std::string name = OpenInvoice();
  SetTaxId("US-1");
  ASSERT_OK(AddSeller("Another", Date(2009, 6, 2)));
  SetDay(Date(2009, 6, 20));
  Pay(400, "BANK-1", name);
  const std::string note = Credit(name, 100);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  const std::string html = CreditNoteHtml(note);
  EXPECT_THAT(html,
              AllOf(HasSubstr("<h1>Credit note <bdi>" + invoice.invoice_number().substr(0, 10) + "-C1</bdi></h1>"),
                    HasSubstr("For invoice <bdi>" + invoice.invoice_number() + "</bdi> of 1 June 2009."),
                    HasSubstr("<dd>20 June 2009</dd>"), HasSubstr("<bdi>Agreed &amp; signed.</bdi>")));
  EXPECT_THAT(
      html, AllOf(HasSubstr("Contoso"), HasSubstr("Fabrikam, Inc."), Not(HasSubstr("Another")), Not(HasSubstr("US-1"))))
      << "the parties are those of its invoice";
  EXPECT_THAT(html,
              AllOf(HasSubstr("<th scope=\"row\">19%</th><td class=\"n\">$84.03</td><td class=\"n\">$15.97</td>"),
                    HasSubstr("Of the service from 1 June 2009 to 30 June 2009"), HasSubstr("<strong>$100.00</strong>"),
                    HasSubstr("<strong>$46.25</strong> is taken off what was due on invoice"),
                    HasSubstr("<strong>$53.75</strong> is credit of your account"), Not(HasSubstr("{{"))))
      << html;
}

TEST_F(InvoiceDocumentServiceTest, SellerAndBuyerAreThoseOfItsDay) {
  ASSERT_OK(AddSeller("Contoso Old", Date(2009, 1, 1)));
  const std::string before = OpenInvoice("before");
  SetTaxId("US-OLD");
  SetTaxId("US-1");
  const std::string first = OpenInvoice("first");
  SetTaxId("US-2");
  ASSERT_OK(AddSeller("Contoso New", Date(2009, 6, 2)));
  SetDay(Date(2009, 6, 2));
  v1::ActivateOrderRequest order = OrderRequest("second");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(order));
  EXPECT_THAT(Html(before), AllOf(HasSubstr("Contoso Old"), Not(HasSubstr("US-"))));
  EXPECT_THAT(Html(first),
              AllOf(HasSubstr("Contoso Old"), HasSubstr("Tax id <bdi>US-1</bdi>"), Not(HasSubstr("US-2"))));
  EXPECT_THAT(Html(second.invoices(0)), AllOf(HasSubstr("Contoso New"), HasSubstr("Tax id <bdi>US-2</bdi>")));
}

TEST_F(InvoiceDocumentServiceTest, WhatWasTypedIsEscaped) {
  ASSERT_OK(AddSeller("A & <b>B</b> \"C\"", Date(2009, 1, 1)));
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_company_name("<script>alert('x')</script>");
  order.set_purchase_order_number("\"><img src=x>");
  order.mutable_lines(0)->set_offer_title("{{seller_name}} <i>");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  const std::string html = Html(activated.invoices(0));
  EXPECT_THAT(html, AllOf(HasSubstr("A &amp; &lt;b&gt;B&lt;/b&gt; &quot;C&quot;"), Not(HasSubstr("<script")),
                          Not(HasSubstr("<img")), Not(HasSubstr("<i>")), HasSubstr("{{seller_name}} &lt;i&gt;")));
}

TEST_F(InvoiceDocumentServiceTest, PaperIsThePrintersOrAsAsked) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  const std::string name = OpenInvoice();
  const auto html = [&](v1::PaperSize paper) {
    const absl::StatusOr<v1::Document> document = Document(name, paper);
    EXPECT_OK(document);
    return document.ok() ? document->html() : "";
  };
  EXPECT_THAT(html(v1::PAPER_SIZE_UNSPECIFIED), HasSubstr("@page { size: auto;"));
  EXPECT_THAT(html(v1::PAPER_SIZE_A4), HasSubstr("@page { size: A4;"));
  EXPECT_THAT(html(v1::PAPER_SIZE_LETTER), HasSubstr("@page { size: letter;"));
}

TEST_F(InvoiceDocumentServiceTest, TheCreditNoteOfAVoidInvoiceSaysSo) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  const std::string name = OpenInvoice();
  const std::string html = Html(name);
  v1::VoidInvoiceRequest withdraw;
  withdraw.set_name(name);
  withdraw.set_reason("Sent by mistake.");
  withdraw.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::InvoiceService::Stub::VoidInvoice, withdraw));
  EXPECT_EQ(Html(name), html) << "a sent invoice never vanishes";
  v1::ListCreditNotesRequest list;
  list.set_parent(account_);
  ASSERT_OK_AND_ASSIGN(const v1::ListCreditNotesResponse notes,
                       Call(&v1::CreditNoteService::Stub::ListCreditNotes, list));
  ASSERT_EQ(notes.credit_notes_size(), 1);
  EXPECT_THAT(CreditNoteHtml(notes.credit_notes(0).name()),
              AllOf(HasSubstr("which it voids: nothing is owed on it any more."), HasSubstr("Sent by mistake.")));
}

TEST_F(InvoiceDocumentServiceTest, ATaxIdThatALaterOrderBringsIsNotOnEarlierInvoices) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  const std::string first = OpenInvoice("first");
  SetTaxId("US-1");
  SetTaxId("");
  v1::ActivateOrderRequest order = OrderRequest("second");
  order.set_tax_id("US-2");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(order));
  EXPECT_THAT(Html(first), Not(HasSubstr("US-")));
  EXPECT_THAT(Html(second.invoices(0)), HasSubstr("Tax id <bdi>US-2</bdi>"));
  v1::ActivateOrderRequest third = OrderRequest("third");
  third.set_tax_id("US-3");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(third));
  EXPECT_THAT(Html(activated.invoices(0)), HasSubstr("Tax id <bdi>US-2</bdi>")) << "an id that is there stays";
}

TEST_F(InvoiceDocumentServiceTest, SpeaksTheLanguageInWhichTheCustomerConfirmed) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  AddTaxRate(75'000);
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_language_code("de-AT");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  const std::string& name = activated.invoices(0);
  EXPECT_THAT(Html(name), AllOf(HasSubstr("<html lang=\"de\" dir=\"ltr\">"), HasSubstr("<h1>Rechnung <bdi>"),
                                HasSubstr("<dd>1. Juni 2009</dd>"), HasSubstr("7,5\u00a0%"),
                                HasSubstr("Leistung vom 1. Juni 2009 bis 30. Juni 2009"),
                                HasSubstr("25 × 15,00\u00a0$ × 1 Monat = 375,00\u00a0$"),
                                HasSubstr("bis zum <strong>1. Juli 2009</strong>"), Not(HasSubstr("[["))));
  EXPECT_THAT(CreditNoteHtml(Credit(name, 100)),
              AllOf(HasSubstr("<h1>Gutschrift <bdi>"), HasSubstr("vom 1. Juni 2009."), HasSubstr("25 Plätze"),
                    HasSubstr("werden von dem abgezogen"), Not(HasSubstr("[["))));
}

TEST_F(InvoiceDocumentServiceTest, ArabicRunsFromRightToLeft) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  v1::ActivateOrderRequest order = OrderRequest();
  order.set_language_code("ar");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  EXPECT_THAT(Html(activated.invoices(0)),
              AllOf(HasSubstr("<html lang=\"ar\" dir=\"rtl\">"), HasSubstr("<h1>الفاتورة <bdi>"), HasSubstr("375.00")));
}

TEST_F(InvoiceDocumentServiceTest, AnotherLanguageOfTheAccountChangesNoEarlierInvoice) {
  ASSERT_OK(AddSeller("Contoso", Date(2009, 1, 1)));
  v1::ActivateOrderRequest order = OrderRequest("first");
  order.set_language_code("fr");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(order));
  const std::string html = Html(first.invoices(0));
  v1::ActivateOrderRequest by_link = OrderRequest("second");
  by_link.set_language_code("ja");
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(by_link));
  EXPECT_THAT(Html(second.invoices(0)), HasSubstr("<html lang=\"fr\"")) << "whoever has the link does not set it";
  v1::ActivateOrderRequest by_contact = OrderRequest("third");
  by_contact.set_kind(v1::ActivateOrderRequest::KIND_CHANGE_SEATS);
  by_contact.clear_lines();
  by_contact.clear_billing_period_months();
  by_contact.clear_term_months();
  by_contact.add_lines()->set_subscription(first.subscriptions(0));
  by_contact.mutable_lines(0)->set_renewal_quantity(30);
  by_contact.set_language_code("de");
  ASSERT_OK(Activate(by_contact));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse fourth, Activate(OrderRequest("fourth")));
  EXPECT_THAT(Html(fourth.invoices(0)), HasSubstr("<html lang=\"de\""));
  EXPECT_EQ(Html(first.invoices(0)), html);
}

TEST_F(InvoiceDocumentServiceTest, NamesWhatIsMissing) {
  const std::string name = OpenInvoice();
  EXPECT_THAT(Document(name), HasReason("LEGAL_ENTITY_MISSING"));
  EXPECT_THAT(Document(absl::StrCat(account_, "/invoices/", kId)), HasReason("INVOICE_NOT_FOUND"));
  v1::GetCreditNoteDocumentRequest note;
  note.set_name(absl::StrCat(account_, "/creditNotes/", kId));
  EXPECT_THAT(Call(&v1::CreditNoteService::Stub::GetCreditNoteDocument, note), HasReason("CREDIT_NOTE_NOT_FOUND"));
  for (const std::string& bad : BadNames()) ExpectViolations(Document(bad).status(), {"name"});
  ExpectViolations(Document("", static_cast<v1::PaperSize>(9)).status(), {"name", "paper_size"});
}

}  // namespace
}  // namespace countersign::billing
