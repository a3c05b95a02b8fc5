#include "billing-service/src/api/document_page.h"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/documents.h"
#include "billing-service/src/api/template_text.h"
#include "common/base/date.h"
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

void SetDays(data& values, const Period& days) {
  values.set("from", FormatDate(days.start));
  values.set("to", FormatDate(days.end - 1));
}

std::string TaxText(TaxTreatment treatment, int64_t rate_ppm) {
  switch (treatment) {
    case TaxTreatment::kTaxed:
      return absl::StrCat(PercentOfPpm(rate_ppm), " %");
    case TaxTreatment::kReverseCharge:
      return "reverse charge";
    case TaxTreatment::kExempt:
      return "exempt";
    case TaxTreatment::kUntaxed:
      break;
  }
  return "none";
}

data LineData(const Invoice& invoice, const InvoiceLine& line) {
  data values;
  values.set("description", line.description);
  SetDays(values, line.service);
  values.set("arithmetic", Explain(line));
  values.set("seats", absl::StrCat(line.quantity));
  values.set("unit_price", line.unit_price.ToDisplayString());
  values.set("tax_rate", TaxText(line.tax_treatment, line.tax_rate_ppm));
  values.set("line_net", line.net.ToDisplayString());
  SetOptional(values, "purchase_order",
              line.purchase_order_number.empty() ? invoice.purchase_order_number : line.purchase_order_number);
  return values;
}

data LineData(const InvoiceLine& line, const CreditedLine& credited) {
  data values;
  values.set("description", line.description);
  SetDays(values, credited.days.value_or(line.service));
  values.set("has_days", credited.days.has_value());
  values.set("tax_rate", TaxText(line.tax_treatment, line.tax_rate_ppm));
  values.set("line_net", credited.net.ToDisplayString());
  values.set("line_tax", credited.tax.ToDisplayString());
  return values;
}

void SetTaxes(data& values, const std::vector<TaxOfRate>& taxes) {
  list rows;
  for (const TaxOfRate& tax : taxes) {
    data row;
    row.set("tax_rate", TaxText(tax.treatment, tax.rate_ppm));
    row.set("rate_net", tax.net.ToDisplayString());
    row.set("rate_tax", tax.tax.ToDisplayString());
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

void SetAmounts(data& values, const Money& net, const Money& tax, const Money& total) {
  values.set("currency", total.currency());
  values.set("net", net.ToDisplayString());
  values.set("tax", tax.ToDisplayString());
  values.set("total", total.ToDisplayString());
}

data ValuesFor(PaperSize paper) {
  data values;
  values.set("paper", std::string(NameOf(paper)));
  for (const char* const name : kPartials) {
    values.set(name,
               data(partial([name] { return TemplateText(kDocumentTemplates, absl::StrCat(name, ".mustache")); })));
  }
  return values;
}

}  // namespace

absl::StatusOr<std::string> PageOf(const InvoiceDocument& document, PaperSize paper) {
  const Invoice& invoice = document.invoice;
  const LegalEntity& seller = document.parties.seller;
  data values = ValuesFor(paper);
  SetParties(values, document.parties);
  values.set("number", invoice.number);
  values.set("issue_date", FormatDate(invoice.issue_date));
  values.set("due_date", FormatDate(invoice.due_date));
  values.set("terms", absl::StrCat("Net ", invoice.due_date - invoice.issue_date, " days"));
  list lines;
  for (const InvoiceLine& line : invoice.lines) lines.push_back(LineData(invoice, line));
  values.set("lines", data(lines));
  ASSIGN_OR_RETURN(const std::vector<TaxOfRate> taxes, TaxesOf(invoice));
  SetTaxes(values, taxes);
  SetAmounts(values, invoice.net, invoice.tax, invoice.total);
  values.set("is_owed", !invoice.total.is_zero());
  values.set("bank_name", seller.bank_name);
  values.set("bank_account", seller.bank_account);
  SetOptional(values, "bank_code", seller.bank_code);
  return Rendered(kDocumentTemplates, "invoice.mustache", values, Escaping::kHtml);
}

absl::StatusOr<std::string> PageOf(const CreditNoteDocument& document, PaperSize paper) {
  const CreditNote& note = document.note;
  data values = ValuesFor(paper);
  SetParties(values, document.parties);
  values.set("number", note.number);
  values.set("issue_date", FormatDate(note.issue_date));
  values.set("invoice_number", document.invoice.number);
  values.set("invoice_date", FormatDate(document.invoice.issue_date));
  values.set("voids", note.voids);
  values.set("reason", note.reason);
  list lines;
  for (const CreditedLine& credited : note.lines) {
    ASSIGN_OR_RETURN(const InvoiceLine* const line, LineOf(document.invoice, credited));
    lines.push_back(LineData(*line, credited));
  }
  values.set("lines", data(lines));
  ASSIGN_OR_RETURN(const std::vector<TaxOfRate> taxes, TaxesOf(document.invoice, note));
  SetTaxes(values, taxes);
  SetAmounts(values, note.net, note.tax, note.total);
  SetOptional(values, "applied", note.applied.is_zero() ? "" : note.applied.ToDisplayString());
  SetOptional(values, "credited", note.credited.is_zero() ? "" : note.credited.ToDisplayString());
  return Rendered(kDocumentTemplates, "credit_note.mustache", values, Escaping::kHtml);
}

}  // namespace countersign::billing
