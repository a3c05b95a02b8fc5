// GetInvoice and ListInvoices.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_HANDLERS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/store/invoice_store.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/billing_service.pb.h"
#include "countersign/billing/v1/invoice.pb.h"

namespace countersign::billing {

struct GetInvoice {
  Uuid account;
  Uuid invoice;
};

absl::StatusOr<GetInvoice> ParseGetInvoice(const rpc::Call& call, const v1::GetInvoiceRequest& request);

struct ListInvoices {
  Uuid account;
  std::optional<OrderReference> order;
  rpc::Listing list;
};

absl::StatusOr<ListInvoices> ParseListInvoices(const rpc::Call& call, const v1::ListInvoicesRequest& request);

// NOT_FOUND INVOICE_NOT_FOUND.
absl::Status InvoiceNotFound(const Uuid& account, const Uuid& invoice);

class InvoiceHandlers {
 public:
  // The store must outlive the handlers.
  explicit InvoiceHandlers(const InvoiceStore& invoices) : invoices_(invoices) {}

  absl::StatusOr<v1::Invoice> Get(const rpc::Call& call, const GetInvoice& command) const;
  absl::StatusOr<v1::ListInvoicesResponse> List(const rpc::Call& call, const ListInvoices& command) const;

 private:
  const InvoiceStore& invoices_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_HANDLERS_H_
