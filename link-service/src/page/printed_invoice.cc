#include "link-service/src/page/printed_invoice.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

constexpr int kMostInvoices = 1000;
constexpr absl::string_view kStyleStart = "<style>";
constexpr absl::string_view kStyleEnd = "</style>";

absl::string_view StyleIn(absl::string_view html) {
  const size_t start = html.find(kStyleStart);
  const size_t end = html.find(kStyleEnd);
  if (start == absl::string_view::npos || end == absl::string_view::npos || end < start) return "";
  return html.substr(start + kStyleStart.size(), end - start - kStyleStart.size());
}

std::string PolicyFor(absl::string_view html) {
  return absl::StrCat("default-src 'none'; style-src 'sha256-", absl::Base64Escape(Sha256(StyleIn(html))),
                      "'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
}

}  // namespace

std::optional<absl::string_view> InvoiceNumberIn(absl::string_view query) {
  if (!absl::ConsumePrefix(&query, "invoice=") || query.empty()) return std::nullopt;
  return query;
}

absl::StatusOr<web::HttpResponse> PrintInvoice(OrderClient& orders, BillingClient& billing,
                                               const rpc::Outgoing& outgoing, const Link& link,
                                               absl::string_view number) {
  order::v1::GetOrderRequest get_order;
  get_order.set_name(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
  ASSIGN_OR_RETURN(const order::v1::Order order, orders.GetOrder(outgoing, get_order));
  if (order.state() != order::v1::Order::STATE_COMPLETED) return absl::NotFoundError("The order has no invoices yet.");
  billing::v1::ListInvoicesRequest list;
  list.set_parent(order.billing_account());
  list.set_order(order.name());
  list.set_page_size(kMostInvoices);
  ASSIGN_OR_RETURN(const billing::v1::ListInvoicesResponse listed, billing.ListInvoices(outgoing, list));
  const auto found =
      std::find_if(listed.invoices().begin(), listed.invoices().end(),
                   [&](const billing::v1::Invoice& invoice) { return invoice.invoice_number() == number; });
  if (found == listed.invoices().end()) return absl::NotFoundError("The order has no such invoice.");
  billing::v1::GetInvoiceDocumentRequest get_document;
  get_document.set_name(found->name());
  ASSIGN_OR_RETURN(const billing::v1::Document document, billing.GetInvoiceDocument(outgoing, get_document));
  web::HttpResponse response = web::HtmlResponse(200, document.html());
  response.headers.Set("Content-Security-Policy", PolicyFor(document.html()));
  return response;
}

}  // namespace countersign::link
