// A partner's look-ups before it writes an order: PreviewOrder and ListSellableOffers.
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "order-service/src/api/activation_messages.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_service.h"

namespace countersign::order {

namespace {

void AddFirstInvoice(const billing::v1::Invoice& invoice, bool tax_known, v1::PreviewOrderResponse& reply) {
  v1::PreviewOrderResponse::FirstInvoice& first = *reply.add_first_invoices();
  *first.mutable_start_date() = invoice.lines(0).service_start_date();
  *first.mutable_end_date() = invoice.lines(invoice.lines_size() - 1).service_end_date();
  *first.mutable_net() = invoice.net();
  if (tax_known) {
    *first.mutable_tax() = invoice.tax();
    *first.mutable_total() = invoice.total();
  }
  *first.mutable_issue_date() = invoice.issue_date();
  *first.mutable_due_date() = invoice.due_date();
  for (const billing::v1::Invoice::Line& line : invoice.lines()) first.add_explanations(line.explanation());
}

void AddPurchaseOrderRule(const billing::v1::ActivateOrderResponse& checked, v1::PreviewOrderResponse& reply) {
  v1::PreviewOrderResponse::PurchaseOrderRule& rule = *reply.mutable_purchase_order_rule();
  rule.set_required(checked.purchase_order_rules().po_required());
  rule.set_missing(checked.purchase_order_missing());
  rule.set_own_invoice(checked.purchase_order_rules().split_by_po());
  rule.set_max_characters(kMaxPurchaseOrderChars);
}

}  // namespace

absl::StatusOr<v1::PreviewOrderResponse> OrderService::Preview(const rpc::Call& call,
                                                               const CreateOrderCommand& command) {
  const CustomerName buyer{.partner = command.tenant, .id = command.customer};
  ASSIGN_OR_RETURN(OrderTerms terms, PriceNow(call, buyer, command.terms));
  Order draft = NewDraft({command.tenant, Uuid::Derived({"preview", command.customer.bytes()})}, command.customer,
                         std::move(terms), call.now(), command.terms.kind);
  RETURN_IF_ERROR(CheckSeller(call, draft));
  v1::PreviewOrderResponse reply;
  *reply.mutable_order() = ToProto(draft);
  reply.mutable_order()->clear_name();
  reply.mutable_order()->clear_order_number();
  if (draft.kind == OrderKind::kNew) {
    ASSIGN_OR_RETURN(const std::optional<Uuid> account,
                     orders_.FindAccount(call.deadline(), buyer, draft.terms.currency));
    draft.billing_account = account.value_or(BillingAccountOf(buyer, draft.terms.currency));
  } else {
    draft.billing_account = draft.terms.lines.front().subscription->account;
  }
  ASSIGN_OR_RETURN(const billing::v1::ActivateOrderResponse checked, CheckActivation(call, OutlookRequestOf(draft)));
  if (draft.kind != OrderKind::kChangePartner) AddPurchaseOrderRule(checked, reply);
  if (!checked.has_outlook()) return reply;
  for (const billing::v1::Invoice& invoice : checked.outlook().first_invoices()) {
    if (!invoice.lines().empty()) AddFirstInvoice(invoice, checked.outlook().tax_known(), reply);
  }
  *reply.mutable_commitment() = checked.outlook().commitment();
  *reply.mutable_estimated_fee() = checked.outlook().fee();
  return reply;
}

absl::StatusOr<v1::ListSellableOffersResponse> OrderService::ListSellable(const rpc::Call& call,
                                                                          const ListSellableOffersCommand& command) {
  ASSIGN_OR_RETURN(const mysql::Page<Offer> page, catalogue_.ListOffers(call.deadline(), command.list.page));
  partner::v1::CheckSellerRequest request;
  request.set_customer(command.customer);
  for (const Offer& offer : page.items) request.add_offers(OfferNameOf(offer.id));
  ASSIGN_OR_RETURN(const auto seller, partners_.CheckSeller(call.outgoing(), request));
  const std::set<std::string> unauthorized(seller.unauthorized_offers().begin(), seller.unauthorized_offers().end());

  v1::ListSellableOffersResponse reply;
  for (const Offer& offer : page.items) {
    const bool sold = !offer.retired && offer.PriceInForce(command.currency, call.now()) != nullptr &&
                      (command.region.empty() || offer.IsSoldIn(command.region));
    if (!sold || unauthorized.count(OfferNameOf(offer.id)) != 0) continue;
    *reply.add_offers() = ToProto(offer, command.currency, call.now());
  }
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::order
