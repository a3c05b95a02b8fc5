// Gathers what the documents of invoices and credit notes say.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_READER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_READER_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/invoice_document.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/legal_entity_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// Thread-safe. Errors of both methods: FAILED_PRECONDITION LEGAL_ENTITY_MISSING; those of the stores.
class DocumentReader {
 public:
  // All must outlive the reader.
  struct Needs {
    const BillingAccountStore& accounts;
    const InvoiceStore& invoices;
    const CreditNoteStore& credit_notes;
    const LegalEntityStore& legal_entities;
    const PastBuyerStore& past_buyers;
  };
  explicit DocumentReader(const Needs& needs) : needs_(needs) {}

  // Error: NOT_FOUND INVOICE_NOT_FOUND.
  absl::StatusOr<InvoiceDocument> ReadInvoice(absl::Time deadline, const Uuid& account, const Uuid& invoice) const;

  // Error: NOT_FOUND CREDIT_NOTE_NOT_FOUND.
  absl::StatusOr<CreditNoteDocument> ReadCreditNote(absl::Time deadline, const Uuid& account, const Uuid& note) const;

 private:
  absl::StatusOr<Parties> PartiesOf(absl::Time deadline, const Invoice& invoice) const;

  const Needs needs_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DOCUMENT_READER_H_
