#include "billing-service/src/domain/invoice.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<InvoiceState> kInvoiceEdges[] = {
    {InvoiceState::kOpen, InvoiceState::kPaid},          {InvoiceState::kOpen, InvoiceState::kVoid},
    {InvoiceState::kOpen, InvoiceState::kUncollectible}, {InvoiceState::kUncollectible, InvoiceState::kPaid},
    {InvoiceState::kUncollectible, InvoiceState::kVoid}, {InvoiceState::kPaid, InvoiceState::kOpen},
};

// The part of a description after the title.
std::string LineDetails(const InvoiceLine& line) {
  return absl::StrCat(", ", line.quantity, " seats, ", FormatDate(line.service.start), " to ",
                      FormatDate(line.service.end - 1));
}

// Sets the tax of each line and of the invoice by the account's calculator.
absl::Status TaxLines(const BillingAccount& account, Invoice& invoice) {
  if (account.tax == nullptr) return absl::OkStatus();
  std::vector<TaxableLine> taxable;
  for (const InvoiceLine& line : invoice.lines) taxable.push_back({line.net, line.service.end - 1});
  ASSIGN_OR_RETURN(const std::vector<LineTax> taxes, account.tax->Tax(invoice.issue_date, taxable));
  for (size_t i = 0; i < taxes.size(); ++i) {
    InvoiceLine& line = invoice.lines[i];
    line.tax = taxes[i].tax;
    line.tax_rate_ppm = taxes[i].rate_ppm;
    line.tax_treatment = taxes[i].treatment;
    if (line.tax_treatment != TaxTreatment::kUntaxed) invoice.tax_region = account.tax->region();
    ASSIGN_OR_RETURN(invoice.tax, invoice.tax.Plus(line.tax));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTransition(InvoiceState from, InvoiceState to) {
  return CheckEdge(kInvoiceStates, kInvoiceEdges, "invoice", from, to);
}

absl::StatusOr<Invoice> OpenInvoice(BillingAccount& account, std::vector<InvoiceLine> lines, Date date) {
  Invoice invoice;
  invoice.account = account.id;
  invoice.sequence = account.next_invoice_sequence++;
  invoice.id = InvoiceId(account.id, invoice.sequence);
  invoice.number = InvoiceNumber(account, invoice.sequence);
  invoice.issue_date = date;
  invoice.due_date = date + static_cast<int>(account.payment_term_days);
  invoice.lines = std::move(lines);
  invoice.credit_waits = account.credit.micros() > 0;
  ASSIGN_OR_RETURN(invoice.net, Money::Zero(account.currency));
  invoice.tax = invoice.paid = invoice.credited = invoice.net;
  int64_t number = 0;
  for (InvoiceLine& line : invoice.lines) {
    line.number = ++number;
    line.tax = invoice.tax;
    ASSIGN_OR_RETURN(invoice.net, invoice.net.Plus(line.net));
  }
  RETURN_IF_ERROR(TaxLines(account, invoice));
  ASSIGN_OR_RETURN(invoice.total, invoice.net.Plus(invoice.tax));
  return invoice;
}

Money AmountDue(const Invoice& invoice) {
  // All are of one currency and the parts never exceed the total, so this cannot fail.
  const absl::StatusOr<Money> not_credited = invoice.total.Minus(invoice.credited);
  return not_credited.ok() ? not_credited->Minus(invoice.paid).value_or(invoice.total) : invoice.total;
}

const Invoice* FindInvoice(const std::vector<Invoice>& invoices, const Uuid& id) {
  const auto found =
      std::find_if(invoices.begin(), invoices.end(), [&](const Invoice& invoice) { return invoice.id == id; });
  return found == invoices.end() ? nullptr : &*found;
}

std::string DescriptionOf(absl::string_view title, const InvoiceLine& line) {
  return absl::StrCat(title, LineDetails(line));
}

std::string TitleOf(const InvoiceLine& line) {
  return std::string(absl::StripSuffix(line.description, LineDetails(line)));
}

std::string Explain(const InvoiceLine& line) {
  std::string text = absl::StrCat(line.quantity, " × ", line.unit_price.ToString(), " × ", line.months,
                                  line.months == 1 ? " month" : " months");
  if (!(line.service == line.billing_period)) {
    absl::StrAppend(&text, " × ", line.service.days(), "/", line.billing_period.days(), " days");
  }
  return absl::StrCat(text, " = ", line.net.ToString());
}

std::vector<FeeEntry> FrozenFees(const Invoice& invoice) {
  std::vector<FeeEntry> fees;
  for (const InvoiceLine& line : invoice.lines) {
    Date start = line.service.start;
    int64_t number = 0;
    for (const FeeSegment& segment : line.fee_segments) {
      FeeEntry fee;
      fee.segment_number = ++number;
      fee.id = FeeId(invoice.id, line.number, fee.segment_number, fee.key);
      fee.account = invoice.account;
      fee.invoice = invoice.id;
      fee.line = line.number;
      fee.subscription = line.subscription;
      fee.segment = segment;
      fee.service = {start, start + segment.days};
      fee.line_days = line.service.days();
      fee.line_net = fee.basis = line.net;
      fee.basis_days = fee.line_days;
      start = fee.service.end;
      fees.push_back(std::move(fee));
    }
  }
  return fees;
}

}  // namespace countersign::billing
