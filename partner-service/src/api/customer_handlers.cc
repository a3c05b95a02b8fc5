#include "partner-service/src/api/customer_handlers.h"

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {
namespace {

// What Commit needs to know: this version's event, and the reply to give again.
events::Change ChangeOf(const rpc::Call& call, const Customer& customer, absl::string_view event_type,
                        const v1::Customer& reply) {
  return call.MakeChange({call.MakeEvent(customer.partner_id, customer.customer_id, customer.version, event_type,
                                         EventOf(customer), reply)},
                         reply);
}

}  // namespace

absl::StatusOr<v1::Customer> CustomerHandlers::Create(const rpc::Call& call, const CreateCustomer& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.tenant));
  RETURN_IF_ERROR(CheckNotOut(partner, "given a customer"));
  const Customer customer{.partner_id = command.tenant,
                          .customer_id = call.DerivedId("customer"),
                          .display_name = command.display_name,
                          .contact_name = command.contact_name,
                          .contact_email = command.contact_email,
                          .partner_reference = command.partner_reference,
                          .create_time = call.now(),
                          .update_time = call.now()};
  const v1::Customer reply = ToProto(customer);
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(customers_.Insert(call.deadline(), customer, ChangeOf(call, customer, "CUSTOMER_CREATED", reply)));
  return reply;
}

absl::StatusOr<v1::Customer> CustomerHandlers::Get(const rpc::Call& call, const FindCustomer& command) const {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Find(call.deadline(), command.partner, command.customer));
  return ToProto(customer);
}

absl::StatusOr<v1::ListCustomersResponse> CustomerHandlers::List(const rpc::Call& call,
                                                                 const ListUnderPartner& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Customer> page,
                   customers_.List(call.deadline(), command.partner, command.list.page));
  v1::ListCustomersResponse reply;
  for (const Customer& customer : page.items) *reply.add_customers() = ToProto(customer);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Customer> CustomerHandlers::Update(const rpc::Call& call, const UpdateCustomer& command) {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Find(call.deadline(), command.tenant, command.customer));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, customer.version));
  ASSIGN_OR_RETURN(const Customer next, partner::Update(customer, command.change, call.now()));
  const v1::Customer reply = ToProto(next);
  RETURN_IF_ERROR(customers_.Update(call.deadline(), next, ChangeOf(call, next, "CUSTOMER_UPDATED", reply)));
  return reply;
}

absl::StatusOr<v1::Customer> CustomerHandlers::Archive(const rpc::Call& call, const ArchiveCustomer& command) {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Find(call.deadline(), command.tenant, command.customer));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, customer.version));
  ASSIGN_OR_RETURN(const Customer next, partner::Archive(customer, call.now()));
  const v1::Customer reply = ToProto(next);
  RETURN_IF_ERROR(customers_.Update(call.deadline(), next, ChangeOf(call, next, "CUSTOMER_ARCHIVED", reply)));
  return reply;
}

}  // namespace countersign::partner
