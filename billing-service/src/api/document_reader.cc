#include "billing-service/src/api/document_reader.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<InvoiceDocument> DocumentReader::ReadInvoice(absl::Time deadline, const Uuid& account,
                                                            const Uuid& invoice) const {
  InvoiceDocument document;
  ASSIGN_OR_RETURN(document.invoice, needs_.invoices.Get(deadline, account, invoice));
  ASSIGN_OR_RETURN(document.parties, PartiesOf(deadline, document.invoice));
  return document;
}

absl::StatusOr<CreditNoteDocument> DocumentReader::ReadCreditNote(absl::Time deadline, const Uuid& account,
                                                                  const Uuid& note) const {
  CreditNoteDocument document;
  ASSIGN_OR_RETURN(document.note, needs_.credit_notes.Get(deadline, account, note));
  ASSIGN_OR_RETURN(document.invoice, needs_.invoices.Get(deadline, account, document.note.invoice));
  ASSIGN_OR_RETURN(document.parties, PartiesOf(deadline, document.invoice));
  return document;
}

absl::StatusOr<Parties> DocumentReader::PartiesOf(absl::Time deadline, const Invoice& invoice) const {
  Parties parties;
  ASSIGN_OR_RETURN(const std::vector<LegalEntity> sellers,
                   needs_.legal_entities.ReadOf(deadline, invoice.net.currency()));
  const LegalEntity* const seller = LegalEntityOn(sellers, invoice.issue_date);
  if (seller == nullptr) {
    return FailedPrecondition("LEGAL_ENTITY_MISSING",
                              absl::StrCat("No legal entity sells in ", invoice.net.currency(),
                                           ". Add one with CreateLegalEntity, then ask again."),
                              {{"currency", invoice.net.currency()}});
  }
  parties.seller = *seller;
  // In this order: a buyer that is kept between these two statements is found by the second.
  ASSIGN_OR_RETURN(const BillingAccount account, needs_.accounts.Get(deadline, invoice.account));
  ASSIGN_OR_RETURN(const std::vector<PastBuyer> past, needs_.past_buyers.List(deadline, invoice.account));
  parties.buyer = BuyerOf(invoice.sequence, account, past);
  parties.account_number = account.number;
  return parties;
}

}  // namespace countersign::billing
