// An invoice of the receipt's order, as the page that billing-service prints.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRINTED_INVOICE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRINTED_INVOICE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/web/http_message.h"

namespace countersign::link {

// The number in "invoice=1234567897-1"; none for any other query.
std::optional<absl::string_view> InvoiceNumberIn(absl::string_view query);

// The document of that invoice, if it is one of the link's order. It brings its own style, so the answer has a policy
// that allows just that. Errors: NOT_FOUND, with the same words whatever the reason; those of the peers.
absl::StatusOr<web::HttpResponse> PrintInvoice(OrderClient& orders, BillingClient& billing,
                                               const rpc::Outgoing& outgoing, const Link& link,
                                               absl::string_view number);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PRINTED_INVOICE_H_
