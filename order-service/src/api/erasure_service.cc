#include "order-service/src/api/erasure_service.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/rpc/names.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/order_erasure.h"

namespace countersign::order {
namespace {

constexpr int kLinksOfPage = 100;

}  // namespace

absl::StatusOr<v1::EraseCustomerResponse> ErasureService::Erase(const rpc::Call& call,
                                                                const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const std::vector<Order> orders,
                   needs_.orders.ListOfCustomer(call.deadline(), {named.tenant, named.id}));
  RETURN_IF_ERROR(CheckOrdersEnded(orders));
  const std::set<Uuid> accounts = BillingAccountsOf(orders);
  v1::EraseCustomerResponse reply;
  RETURN_IF_ERROR(AskBilling(call, accounts, reply));
  for (const Order& order : orders) reply.set_order_count(reply.order_count() + (order.erase_time.has_value() ? 0 : 1));
  if (call.validate_only()) return reply;

  for (const Order& order : orders) {
    if (!order.erase_time.has_value()) RETURN_IF_ERROR(EraseOrder(call, order));
    RETURN_IF_ERROR(call.CheckTimeLeft());
  }
  for (const Uuid& account : accounts) RETURN_IF_ERROR(EraseAccount(call, account, /*validate_only=*/false).status());
  RETURN_IF_ERROR(Record(call, named, reply));
  return reply;
}

absl::Status ErasureService::AskBilling(const rpc::Call& call, const std::set<Uuid>& accounts,
                                        v1::EraseCustomerResponse& reply) {
  for (const Uuid& account : accounts) {
    ASSIGN_OR_RETURN(const billing::v1::EraseBillingAccountResponse asked,
                     EraseAccount(call, account, /*validate_only=*/true));
    if (asked.erases()) reply.add_billing_accounts(rpc::FormatName(kAccountName, {account}));
    reply.mutable_kept()->MergeFrom(asked.kept());
  }
  return absl::OkStatus();
}

absl::StatusOr<billing::v1::EraseBillingAccountResponse> ErasureService::EraseAccount(const rpc::Call& call,
                                                                                      const Uuid& account,
                                                                                      bool validate_only) {
  billing::v1::EraseBillingAccountRequest request;
  request.set_name(rpc::FormatName(kAccountName, {account}));
  request.set_validate_only(validate_only);
  // An account is erased once, whichever erasure of whichever customer asks for it.
  request.set_request_id(Uuid::Derived({"erasure", account.bytes()}).ToString());
  return needs_.billing.EraseBillingAccount(call.outgoing(), request);
}

absl::Status ErasureService::EraseLinks(const rpc::Call& call, const Order& order) {
  link::v1::ListLinksRequest list;
  list.set_parent(rpc::FormatName(kPartnerName, {order.name.partner}));
  list.set_filter(absl::StrCat("order = \"", OrderNameOf(order.name), "\""));
  list.set_page_size(kLinksOfPage);
  do {
    ASSIGN_OR_RETURN(const link::v1::ListLinksResponse page, needs_.links.ListLinks(call.outgoing(), list));
    for (const link::v1::Link& link : page.links()) {
      link::v1::EraseLinkRequest request;
      request.set_name(link.name());
      request.set_request_id(Uuid::Derived({"erasure", link.name()}).ToString());
      RETURN_IF_ERROR(needs_.links.EraseLink(call.outgoing(), request));
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  return absl::OkStatus();
}

absl::Status ErasureService::EraseOrder(const rpc::Call& call, const Order& order) {
  RETURN_IF_ERROR(EraseLinks(call, order));
  const Order erased = Erased(order, call.now());
  const events::Event event =
      rpc::WorkerEvent({.service = "order-service", .now = call.now(), .on_behalf_of = call.on_behalf_of()},
                       {.tenant = order.name.partner,
                        .aggregate = order.name.id,
                        .version = erased.version,
                        .type = "ORDER_ERASED",
                        .payload = EventOf(order, erased),
                        .resource = ToProto(erased)});
  return needs_.committer.Commit(call.deadline(), {.events = {event},
                                                   .reply = std::nullopt,
                                                   .rows = {OrderStore::Row(erased)},
                                                   .also = OrderStore::EraseWords(erased)});
}

absl::Status ErasureService::Record(const rpc::Call& call, const rpc::NamedResource& named,
                                    const v1::EraseCustomerResponse& reply) {
  ASSIGN_OR_RETURN(const int64_t before, needs_.orders.CountErasures(call.deadline(), {named.tenant, named.id}));
  v1::CustomerErasedEvent payload;
  payload.set_customer(rpc::FormatName(kCustomerName, {named.tenant, named.id}));
  payload.set_order_count(reply.order_count());
  const events::Event event = call.MakeEvent(
      {.aggregate = named.id, .version = before + 1, .type = "CUSTOMER_ERASED", .payload = payload, .resource = reply});
  return needs_.committer.Commit(call.deadline(), call.ChangeOf({.events = {event}, .reply = reply}));
}

}  // namespace countersign::order
