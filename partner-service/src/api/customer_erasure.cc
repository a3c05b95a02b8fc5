// The erasure of a customer: EraseCustomer and GetCustomerErasure.
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/events/erasure.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/customer_messages.h"
#include "partner-service/src/api/customer_service.h"

namespace countersign::partner {
namespace {

// Stored replies go after 31 days (events::StoredReplyRetention), with the next turn of the worker.
constexpr int kDaysOfReplies = 31;

// Asks order-service and, through it, the others what they would erase, or have not erased yet.
absl::StatusOr<order::v1::EraseCustomerResponse> AskOrders(OrderClient& orders, const rpc::Call& call,
                                                           const Uuid& customer, const std::string& name) {
  order::v1::EraseCustomerRequest request;
  request.set_name(name);
  request.set_validate_only(true);
  request.set_request_id(Uuid::Derived({"erasure", customer.bytes()}).ToString());
  return orders.EraseCustomer(call.outgoing(), request);
}

void AddGoes(const Customer& customer, v1::CustomerErasure& erasure) {
  if (!customer.erase_time.has_value()) {
    erasure.add_goes("partner-service: the customer's name, contact person, contact address and partner_reference");
  }
  if (erasure.order_count() > 0) {
    erasure.add_goes(absl::StrCat("order-service: acceptances, notes and reasons of ", erasure.order_count(),
                                  " orders of the customer"));
    erasure.add_goes("link-service: what the links of these orders show, and what was pressed and typed on them");
  }
  for (const std::string& account : erasure.billing_accounts()) {
    erasure.add_goes(absl::StrCat("billing-service: the name, addresses, tax id and payment token of ", account,
                                  ", and who confirmed its orders"));
  }
}

// `asked` at `now`. `customer` is what it is by then.
v1::CustomerErasure ErasureOf(const Customer& customer, const order::v1::EraseCustomerResponse& others,
                              absl::Time now) {
  v1::CustomerErasure erasure;
  erasure.set_customer(rpc::FormatName(kCustomerName, {customer.partner_id, customer.customer_id}));
  erasure.set_order_count(others.order_count());
  *erasure.mutable_billing_accounts() = others.billing_accounts();
  erasure.set_complete(customer.erase_time.has_value() && others.order_count() == 0 &&
                       others.billing_accounts().empty());
  AddGoes(customer, erasure);
  *erasure.mutable_kept() = others.kept();
  const Date replies_until = DateOf(customer.erase_time.value_or(now)) + kDaysOfReplies;
  if (DateOf(now) <= replies_until) {
    v1::KeptData& replies = *erasure.add_kept();
    replies.set_ground(v1::KeptData::GROUND_REPEATED_REQUESTS);
    replies.set_what("The answers to requests about the customer, for whoever repeats one of them");
    *replies.mutable_keep_until_date() = rpc::ToProto(replies_until);
  }
  if (customer.erase_time.has_value()) *erasure.mutable_erase_time() = rpc::ToProto(*customer.erase_time);
  return erasure;
}

}  // namespace

absl::StatusOr<v1::CustomerErasure> CustomerService::Erase(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, customer.version));
  // Refused while an order, a subscription or an invoice is open: each by its owner.
  const std::string name = rpc::FormatName(kCustomerName, {named.tenant, named.id});
  ASSIGN_OR_RETURN(const order::v1::EraseCustomerResponse others, AskOrders(orders_, call, named.id, name));
  if (call.validate_only()) return ErasureOf(customer, others, call.now());

  const Customer erased = partner::Erase(customer, call.now());
  const v1::CustomerErasure reply = ErasureOf(erased, others, call.now());
  const events::Event event = call.MakeEvent({.aggregate = erased.customer_id,
                                              .version = erased.version,
                                              .type = "CUSTOMER_ERASED",
                                              .payload = EventOf(erased),
                                              .resource = reply,
                                              .reason = named.reason});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.rows = {CustomerStore::Row(erased)},
                                                                    .events = {event},
                                                                    .reply = reply,
                                                                    .also = [erased](mysql::Connection& connection) {
                                                                      return events::EraseSalts(
                                                                          connection, erased.partner_id,
                                                                          erased.customer_id, erased.version);
                                                                    }})));
  return reply;
}

absl::StatusOr<v1::CustomerErasure> CustomerService::GetErasure(const rpc::Call& call,
                                                                const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(CheckErased(customer));
  const std::string name = rpc::FormatName(kCustomerName, {named.tenant, named.id});
  ASSIGN_OR_RETURN(const order::v1::EraseCustomerResponse others, AskOrders(orders_, call, named.id, name));
  return ErasureOf(customer, others, call.now());
}

}  // namespace countersign::partner
