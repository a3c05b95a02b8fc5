// Reads a receipt's invoices, and where to pay them, from billing-service.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_INVOICES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_INVOICES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/legal_entity.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/clients/billing_client.h"

namespace countersign::link {

inline constexpr int kReceiptInvoicesPerPage = 100;
inline constexpr int kMaxReceiptPages = 20;  // 2,000 invoices: a hundred years of months.

// The order's invoices, the newest first. Errors: those of the peer.
absl::StatusOr<std::vector<billing::v1::Invoice>> InvoicesOf(BillingClient& billing, const rpc::Outgoing& outgoing,
                                                             const order::v1::Order& order);

// The vendor's company that is in force for the currency on `today`; nullopt: there is none yet, or billing-service
// does not say.
std::optional<billing::v1::LegalEntity> SellerOf(BillingClient& billing, const rpc::Outgoing& outgoing,
                                                 const std::string& currency, Date today);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_INVOICES_H_
