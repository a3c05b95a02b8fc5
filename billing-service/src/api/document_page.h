// Invoices and credit notes as pages to print.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_PAGE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/invoice_document.h"
#include "common/base/named.h"

namespace countersign::billing {

enum class PaperSize { kPrinters, kA4, kLetter };

// By their names in CSS.
inline constexpr Named<PaperSize> kPaperSizes[] = {
    {PaperSize::kPrinters, "auto"},
    {PaperSize::kA4, "A4"},
    {PaperSize::kLetter, "letter"},
};
inline absl::string_view NameOf(PaperSize size) { return NameIn(kPaperSizes, size); }

// HTML in the buyer's language that needs nothing else: no script, no link, everything that somebody typed escaped. The
// same bytes for the same document. Errors: those of TaxesOf.
absl::StatusOr<std::string> PageOf(const InvoiceDocument& document, PaperSize paper);
absl::StatusOr<std::string> PageOf(const CreditNoteDocument& document, PaperSize paper);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_PAGE_H_
