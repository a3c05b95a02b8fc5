#include "billing-service/src/domain/invoice_document.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::Status AddTo(std::vector<TaxOfRate>& taxes, const InvoiceLine& line, const Money& net, const Money& tax) {
  const auto same = [&](const TaxOfRate& other) {
    return other.treatment == line.tax_treatment && other.rate_ppm == line.tax_rate_ppm;
  };
  const auto found = std::find_if(taxes.begin(), taxes.end(), same);
  if (found == taxes.end()) {
    taxes.push_back({line.tax_treatment, line.tax_rate_ppm, net, tax});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(found->net, found->net.Plus(net));
  ASSIGN_OR_RETURN(found->tax, found->tax.Plus(tax));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<TaxOfRate>> TaxesOf(const Invoice& invoice) {
  std::vector<TaxOfRate> taxes;
  for (const InvoiceLine& line : invoice.lines) RETURN_IF_ERROR(AddTo(taxes, line, line.net, line.tax));
  return taxes;
}

absl::StatusOr<std::vector<TaxOfRate>> TaxesOf(const Invoice& invoice, const CreditNote& note) {
  std::vector<TaxOfRate> taxes;
  for (const CreditedLine& credited : note.lines) {
    ASSIGN_OR_RETURN(const InvoiceLine* const line, LineOf(invoice, credited));
    RETURN_IF_ERROR(AddTo(taxes, *line, credited.net, credited.tax));
  }
  return taxes;
}

absl::StatusOr<const InvoiceLine*> LineOf(const Invoice& invoice, const CreditedLine& credited) {
  const auto found = std::find_if(invoice.lines.begin(), invoice.lines.end(),
                                  [&](const InvoiceLine& line) { return line.number == credited.line; });
  if (found != invoice.lines.end()) return &*found;
  return absl::DataLossError(absl::StrCat("invoice ", invoice.id.ToString(), " has no line ", credited.line));
}

std::vector<std::string> AddressLines(const PostalAddress& address) {
  std::vector<std::string> lines = {address.organization};
  lines.insert(lines.end(), address.recipients.begin(), address.recipients.end());
  lines.insert(lines.end(), address.address_lines.begin(), address.address_lines.end());
  std::vector<std::string> place = {address.locality, address.administrative_area, address.postal_code};
  std::erase(place, "");
  lines.push_back(absl::StrJoin(place, ", "));
  lines.push_back(address.region_code);
  std::erase(lines, "");
  return lines;
}

}  // namespace countersign::billing
