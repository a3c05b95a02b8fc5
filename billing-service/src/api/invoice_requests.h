// Requests of InvoiceService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/api/account_list.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/invoice_service.pb.h"

namespace countersign::billing {

absl::StatusOr<AccountList> ParseListInvoices(const rpc::Call& call, const v1::ListInvoicesRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_REQUESTS_H_
