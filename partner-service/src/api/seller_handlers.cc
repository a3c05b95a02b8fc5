#include "partner-service/src/api/seller_handlers.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::CheckSellerResponse> SellerHandlers::Check(const rpc::Call& call, const CheckSeller& command) const {
  const absl::Time deadline = call.deadline();
  ASSIGN_OR_RETURN(const Partner partner, stores_.partners.Find(deadline, command.partner));
  ASSIGN_OR_RETURN(const Customer customer, stores_.customers.Find(deadline, command.partner, command.customer));
  RETURN_IF_ERROR(CheckNotArchived(customer));
  ASSIGN_OR_RETURN(const std::string agreement, stores_.agreements.Current(deadline, call.now()));
  ASSIGN_OR_RETURN(const std::set<std::string> products,
                   stores_.authorizations.ProductsInForce(deadline, command.partner, call.now()));
  v1::CheckSellerResponse reply;
  *reply.mutable_partner() = ToProto(partner, agreement);
  *reply.mutable_customer() = ToProto(customer);
  for (const std::string& offer : UnauthorizedOffers(command.offers, products)) {
    reply.add_unauthorized_offers(absl::StrCat(kOfferPrefix, offer));
  }
  return reply;
}

}  // namespace countersign::partner
