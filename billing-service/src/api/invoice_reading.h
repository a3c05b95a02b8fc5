// Reading an invoice together with what other tables say of it.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_READING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_READING_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/store/invoice_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"

namespace countersign::billing {

inline constexpr int kReadAttempts = 3;

// The result of `gather` for the invoice. Its statements read at different moments, so if the invoice has changed
// afterwards, `gather` runs again. Errors: those of InvoiceStore::Get and `gather`; ABORTED
// INVOICE_CHANGES when it changed every time.
template <typename Result>
absl::StatusOr<Result> ReadTogether(const InvoiceStore& invoices, absl::Time deadline, const Uuid& account,
                                    const Uuid& id, absl::FunctionRef<absl::StatusOr<Result>(const Invoice&)> gather) {
  ASSIGN_OR_RETURN(Invoice invoice, invoices.Get(deadline, account, id));
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    const int64_t version = invoice.version;
    absl::StatusOr<Result> result = gather(invoice);
    ASSIGN_OR_RETURN(invoice, invoices.Get(deadline, account, id));
    if (invoice.version == version) return result;
  }
  return Error(absl::StatusCode::kAborted, "INVOICE_CHANGES", "The invoice changed while it was read. Read it again.",
               {{"invoice", id.ToString()}});
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_READING_H_
