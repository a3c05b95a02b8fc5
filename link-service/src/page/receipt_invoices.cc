#include "link-service/src/page/receipt_invoices.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"

namespace countersign::link {

absl::StatusOr<std::vector<billing::v1::Invoice>> InvoicesOf(BillingClient& billing, const rpc::Outgoing& outgoing,
                                                             const order::v1::Order& order) {
  std::vector<billing::v1::Invoice> invoices;
  billing::v1::ListInvoicesRequest request;
  request.set_parent(order.billing_account());
  request.set_order(order.name());
  request.set_page_size(kReceiptInvoicesPerPage);
  for (int page = 0; page < kMaxReceiptPages; ++page) {
    ASSIGN_OR_RETURN(billing::v1::ListInvoicesResponse listed, billing.ListInvoices(outgoing, request));
    for (billing::v1::Invoice& invoice : *listed.mutable_invoices()) invoices.push_back(std::move(invoice));
    if (listed.next_page_token().empty()) break;
    request.set_page_token(listed.next_page_token());
  }
  std::reverse(invoices.begin(), invoices.end());  // They are listed by their numbers.
  return invoices;
}

std::optional<billing::v1::LegalEntity> SellerOf(BillingClient& billing, const rpc::Outgoing& outgoing,
                                                 const std::string& currency, Date today) {
  billing::v1::ListLegalEntitiesRequest request;
  request.set_filter(absl::StrCat("currency_code = \"", currency, "\" AND effective_date <= ", FormatDate(today)));
  request.set_page_size(1000);
  const absl::StatusOr<billing::v1::ListLegalEntitiesResponse> listed = billing.ListLegalEntities(outgoing, request);
  if (!listed.ok()) return std::nullopt;
  std::optional<billing::v1::LegalEntity> seller;
  Date since;
  for (const billing::v1::LegalEntity& entity : listed->legal_entities()) {
    const absl::StatusOr<Date> from = rpc::FromProto(entity.effective_date());
    if (!from.ok() || entity.currency_code() != currency || *from > today) continue;
    if (seller.has_value() && *from <= since) continue;
    seller = entity;
    since = *from;
  }
  return seller;
}

}  // namespace countersign::link
