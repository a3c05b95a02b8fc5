#include "partner-service/src/api/seller_requests.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "partner-service/src/api/authorization_requests.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

constexpr int kMaxOffers = 100;

}  // namespace

absl::StatusOr<CheckSellerCommand> ParseCheckSeller(const rpc::Call& call, const v1::CheckSellerRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "customer", kCustomerName, request.customer());
  CheckSellerCommand command{.partner = ids[0], .customer = ids[1], .offers = {}};
  if (request.offers_size() > kMaxOffers) {
    violations.Add("offers", absl::StrCat("must have at most ", kMaxOffers, " offers"));
  } else {
    for (int i = 0; i < request.offers_size(); ++i) {
      command.offers.push_back(RequireOffer(violations, absl::StrCat("offers[", i, "]"), request.offers(i)));
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

}  // namespace countersign::partner
