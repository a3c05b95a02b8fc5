#include "partner-service/src/api/customer_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/customer_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Customer> CustomerService::Create(const rpc::Call& call, const CreateCustomerCommand& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(CheckNotOut(partner, "given a customer"));
  const Customer customer = NewCustomer(command.tenant, call.DerivedId("customer"), command.fields, call.now());
  if (call.validate_only()) return ToProto(customer);
  return Save(call, customer, "CUSTOMER_CREATED");
}

absl::StatusOr<v1::Customer> CustomerService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(customer);
}

absl::StatusOr<v1::ListCustomersResponse> CustomerService::List(const rpc::Call& call,
                                                                const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Customer> page,
                   customers_.List(call.deadline(), command.parent, command.list.page));
  v1::ListCustomersResponse reply;
  for (const Customer& customer : page.items) *reply.add_customers() = ToProto(customer);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Customer> CustomerService::Update(const rpc::Call& call, const UpdateCustomerCommand& command) {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Get(call.deadline(), command.tenant, command.id));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, customer.version));
  ASSIGN_OR_RETURN(const Customer next, partner::Update(customer, command.fields, call.now()));
  return Save(call, next, "CUSTOMER_UPDATED");
}

absl::StatusOr<v1::Customer> CustomerService::Archive(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, customer.version));
  ASSIGN_OR_RETURN(const Customer next, partner::Archive(customer, call.now()));
  return Save(call, next, "CUSTOMER_ARCHIVED");
}

absl::StatusOr<v1::Customer> CustomerService::Save(const rpc::Call& call, const Customer& customer,
                                                   absl::string_view event_type) {
  const v1::Customer reply = ToProto(customer);
  const events::Event event = call.MakeEvent({.aggregate = customer.customer_id,
                                              .version = customer.version,
                                              .type = event_type,
                                              .payload = EventOf(customer),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {CustomerStore::Row(customer)}, .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::partner
