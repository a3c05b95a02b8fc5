#include "billing-service/src/api/document_page.h"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/documents.h"
#include "billing-service/src/api/languages.h"
#include "billing-service/src/api/template_text.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::partial;

// The parts that both documents have.
constexpr const char* kPartials[] = {"style", "parties", "tax_table"};

data TextsOf(const std::vector<std::string>& texts) {
  list items;
  for (const std::string& text : texts) items.push_back(data("text", text));
  return data(items);
}

// A value with a section of its own, "has_…", that is left out where it is empty.
void SetOptional(data& values, const std::string& name, const std::string& text) {
  values.set(name, text);
  values.set("has_" + name, !text.empty());
}

void SetDays(const Language& language, data& values, const Period& days) {
  values.set("from", language.DateText(days.start));
  values.set("to", language.DateText(days.end - 1));
}

std::string TaxText(const Language& language, TaxTreatment treatment, int64_t rate_ppm) {
  switch (treatment) {
    case TaxTreatment::kTaxed:
      return language.PercentText(rate_ppm);
    case TaxTreatment::kReverseCharge:
      return language.Text("document.rate_reverse_charge");
    case TaxTreatment::kExempt:
      return language.Text("document.rate_exempt");
    case TaxTreatment::kUntaxed:
      break;
  }
  return language.Text("document.rate_none");
}

// As Explain says it.
std::string ArithmeticText(const Language& language, const InvoiceLine& line) {
  const std::string price = language.MoneyText(line.unit_price), net = language.MoneyText(line.net);
  if (line.service == line.billing_period) {
    return language.Format("document.arithmetic",
                           {{"seats", line.quantity}, {"price", price}, {"months", line.months}, {"net", net}});
  }
  return language.Format("document.arithmetic_part", {{"seats", line.quantity},
                                                      {"price", price},
                                                      {"months", line.months},
                                                      {"days", int64_t{line.service.days()}},
                                                      {"whole", int64_t{line.billing_period.days()}},
                                                      {"net", net}});
}

data LineData(const Language& language, const Invoice& invoice, const InvoiceLine& line) {
  data values;
  values.set("title", TitleOf(line));
  SetDays(language, values, line.service);
  values.set("arithmetic", ArithmeticText(language, line));
  values.set("seats", language.NumberText(line.quantity));
  values.set("unit_price", language.MoneyText(line.unit_price));
  values.set("tax_rate", TaxText(language, line.tax_treatment, line.tax_rate_ppm));
  values.set("line_net", language.MoneyText(line.net));
  SetOptional(values, "purchase_order",
              line.purchase_order_number.empty() ? invoice.purchase_order_number : line.purchase_order_number);
  return values;
}

data LineData(const Language& language, const InvoiceLine& line, const CreditedLine& credited) {
  data values;
  values.set("title", TitleOf(line));
  values.set("seats_of", language.Format("document.seats_of", {{"seats", line.quantity}}));
  SetDays(language, values, credited.days.value_or(line.service));
  values.set("has_days", credited.days.has_value());
  values.set("tax_rate", TaxText(language, line.tax_treatment, line.tax_rate_ppm));
  values.set("line_net", language.MoneyText(credited.net));
  values.set("line_tax", language.MoneyText(credited.tax));
  return values;
}

void SetTaxes(const Language& language, data& values, const std::vector<TaxOfRate>& taxes) {
  list rows;
  for (const TaxOfRate& tax : taxes) {
    data row;
    row.set("tax_rate", TaxText(language, tax.treatment, tax.rate_ppm));
    row.set("rate_net", language.MoneyText(tax.net));
    row.set("rate_tax", language.MoneyText(tax.tax));
    rows.push_back(std::move(row));
  }
  values.set("taxes", data(rows));
  values.set("has_reverse_charge", std::any_of(taxes.begin(), taxes.end(), [](const TaxOfRate& tax) {
               return tax.treatment == TaxTreatment::kReverseCharge;
             }));
}

void SetParties(data& values, const Parties& parties) {
  const LegalEntity& seller = parties.seller;
  values.set("seller_name", seller.legal_name);
  values.set("seller_address", TextsOf(AddressLines(seller.address)));
  SetOptional(values, "seller_tax_id", seller.tax_id);
  values.set("buyer_name", parties.buyer.company_name);
  values.set("buyer_address", TextsOf(AddressLines(parties.buyer.address)));
  SetOptional(values, "buyer_tax_id", parties.buyer.tax_id);
  values.set("account_number", parties.account_number);
}

void SetAmounts(const Language& language, data& values, const Money& net, const Money& tax, const Money& total) {
  values.set("currency", total.currency());
  values.set("net", language.MoneyText(net));
  values.set("tax", language.MoneyText(tax));
  values.set("total", language.MoneyText(total));
}

data ValuesFor(const Language& language, PaperSize paper) {
  data values;
  values.set("language", language.code());
  values.set("direction", language.direction());
  values.set("paper", std::string(NameOf(paper)));
  for (const char* const name : kPartials) {
    values.set(name, data(partial([name, &language] {
                 return TemplateText(kDocumentTemplates, absl::StrCat(name, ".mustache"), language);
               })));
  }
  return values;
}

}  // namespace

absl::StatusOr<std::string> PageOf(const InvoiceDocument& document, PaperSize paper) {
  const Invoice& invoice = document.invoice;
  const LegalEntity& seller = document.parties.seller;
  const Language& language = LanguageOf(document.parties.buyer.language);
  data values = ValuesFor(language, paper);
  SetParties(values, document.parties);
  values.set("number", invoice.number);
  values.set("issue_date", language.DateText(invoice.issue_date));
  values.set("due_date", language.DateText(invoice.due_date));
  values.set("terms",
             language.Format("document.terms_days", {{"days", int64_t{invoice.due_date - invoice.issue_date}}}));
  list lines;
  for (const InvoiceLine& line : invoice.lines) lines.push_back(LineData(language, invoice, line));
  values.set("lines", data(lines));
  ASSIGN_OR_RETURN(const std::vector<TaxOfRate> taxes, TaxesOf(invoice));
  SetTaxes(language, values, taxes);
  SetAmounts(language, values, invoice.net, invoice.tax, invoice.total);
  values.set("is_owed", !invoice.total.is_zero());
  values.set("bank_name", seller.bank_name);
  values.set("bank_account", seller.bank_account);
  SetOptional(values, "bank_code", seller.bank_code);
  return Rendered(kDocumentTemplates, "invoice.mustache", language, values);
}

absl::StatusOr<std::string> PageOf(const CreditNoteDocument& document, PaperSize paper) {
  const CreditNote& note = document.note;
  const Language& language = LanguageOf(document.parties.buyer.language);
  data values = ValuesFor(language, paper);
  SetParties(values, document.parties);
  values.set("number", note.number);
  values.set("issue_date", language.DateText(note.issue_date));
  values.set("invoice_number", document.invoice.number);
  values.set("invoice_date", language.DateText(document.invoice.issue_date));
  values.set("voids", note.voids);
  values.set("reason", note.reason);
  list lines;
  for (const CreditedLine& credited : note.lines) {
    ASSIGN_OR_RETURN(const InvoiceLine* const line, LineOf(document.invoice, credited));
    lines.push_back(LineData(language, *line, credited));
  }
  values.set("lines", data(lines));
  ASSIGN_OR_RETURN(const std::vector<TaxOfRate> taxes, TaxesOf(document.invoice, note));
  SetTaxes(language, values, taxes);
  SetAmounts(language, values, note.net, note.tax, note.total);
  SetOptional(values, "applied", note.applied.is_zero() ? "" : language.MoneyText(note.applied));
  SetOptional(values, "credited", note.credited.is_zero() ? "" : language.MoneyText(note.credited));
  return Rendered(kDocumentTemplates, "credit_note.mustache", language, values);
}

}  // namespace countersign::billing
