#include "partner-service/src/api/customer_handlers.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Customer> CustomerHandlers::Create(const rpc::Call& call, const CreateCustomer& command) {
  RETURN_IF_ERROR(partners_.Find(call.deadline(), command.tenant).status());
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
  const mysql::Change change =
      call.MakeChange({call.MakeEvent(customer.partner_id, customer.customer_id, customer.version, "CUSTOMER_CREATED",
                                      EventOf(customer), reply)},
                      reply);
  RETURN_IF_ERROR(customers_.Insert(call.deadline(), customer, change));
  return reply;
}

absl::StatusOr<v1::Customer> CustomerHandlers::Get(const rpc::Call& call, const FindCustomer& command) {
  ASSIGN_OR_RETURN(const Customer customer, customers_.Find(call.deadline(), command.partner, command.customer));
  return ToProto(customer);
}

absl::StatusOr<v1::CheckSellerResponse> CustomerHandlers::CheckSeller(const rpc::Call& call,
                                                                      const partner::CheckSeller& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.partner));
  ASSIGN_OR_RETURN(const Customer customer, customers_.Find(call.deadline(), command.partner, command.customer));
  ASSIGN_OR_RETURN(const std::string current, partners_.CurrentAgreement(call.deadline(), call.now()));
  ASSIGN_OR_RETURN(const std::set<std::string> products,
                   authorizations_.ProductsInForce(call.deadline(), command.partner, call.now()));
  v1::CheckSellerResponse reply;
  *reply.mutable_partner() = ToProto(partner, current);
  *reply.mutable_customer() = ToProto(customer);
  for (const std::string& offer : UnauthorizedOffers(command.offers, products)) {
    reply.add_unauthorized_offers(absl::StrCat(kOfferPrefix, offer));
  }
  return reply;
}

}  // namespace countersign::partner
