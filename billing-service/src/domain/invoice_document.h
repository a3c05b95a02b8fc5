// The content of invoices and credit notes as documents. It is frozen when they are issued, so a document never
// changes. Source of the rules: docs/domain.md, The invoice is a document.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_DOCUMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/buyer.h"
#include "billing-service/src/domain/credit_note.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/legal_entity.h"
#include "billing-service/src/domain/tax.h"
#include "common/base/money.h"
#include "common/base/postal_address.h"

namespace countersign::billing {

// As of when the invoice opened. A credit note names those of its invoice.
struct Parties {
  LegalEntity seller;
  Buyer buyer;
  std::string account_number;
};

struct InvoiceDocument {
  Parties parties;
  Invoice invoice;
};

struct CreditNoteDocument {
  Parties parties;
  Invoice invoice;
  CreditNote note;
};

// The net and tax of one treatment and rate.
struct TaxOfRate {
  TaxTreatment treatment = TaxTreatment::kUntaxed;
  int64_t rate_ppm = 0;
  Money net;
  Money tax;
};

// In the order in which the lines have them. Error: OUT_OF_RANGE.
absl::StatusOr<std::vector<TaxOfRate>> TaxesOf(const Invoice& invoice);

// At the rates of the invoice's lines. Errors: OUT_OF_RANGE; DATA_LOSS for a line that the invoice does not have.
absl::StatusOr<std::vector<TaxOfRate>> TaxesOf(const Invoice& invoice, const CreditNote& note);

// The invoice's line that a credit note's line is of. Error: DATA_LOSS.
absl::StatusOr<const InvoiceLine*> LineOf(const Invoice& invoice, const CreditedLine& credited);

// The lines of an address as on a letter, without the empty ones.
std::vector<std::string> AddressLines(const PostalAddress& address);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_DOCUMENT_H_
