#include "partner-service/src/api/seller_service.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "partner-service/src/api/customer_messages.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/api/partner_messages.h"
#include "partner-service/src/domain/authorization.h"

namespace countersign::partner {

absl::StatusOr<v1::CheckSellerResponse> SellerService::Check(const rpc::Call& call,
                                                             const CheckSellerCommand& command) const {
  ASSIGN_OR_RETURN(const Seller seller, sellers_.Get(call.deadline(), command.partner, command.customer, call.now()));
  RETURN_IF_ERROR(CheckNotArchived(seller.customer));
  v1::CheckSellerResponse reply;
  *reply.mutable_partner() = ToProto(seller.partner, seller.current_agreement);
  *reply.mutable_customer() = ToProto(seller.customer);
  for (const std::string& offer : UnauthorizedOffers(command.offers, seller.products)) {
    reply.add_unauthorized_offers(absl::StrCat(kOfferPrefix, offer));
  }
  return reply;
}

}  // namespace countersign::partner
