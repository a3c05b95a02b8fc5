#include "billing-service/src/api/entitlement_reader.h"

#include "billing-service/src/api/entitlement_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::Entitlement> EntitlementReader::Of(const Subscription& subscription) {
  const auto found = expanded_.find(subscription.offer);
  if (found != expanded_.end()) return EntitlementOf(subscription, found->second);
  ASSIGN_OR_RETURN(std::vector<std::string> provided, Expand(subscription.offer));
  return EntitlementOf(subscription, expanded_.emplace(subscription.offer, std::move(provided)).first->second);
}

absl::StatusOr<std::vector<std::string>> EntitlementReader::Expand(const std::string& offer) const {
  order::v1::GetOfferRequest request;
  request.set_name(offer);
  const absl::StatusOr<order::v1::Offer> found = orders_.GetOffer(outgoing_, request);
  if (absl::IsNotFound(found.status())) return std::vector<std::string>{offer};
  RETURN_IF_ERROR(found.status());
  if (found->components().empty()) return std::vector<std::string>{offer};
  return std::vector<std::string>(found->components().begin(), found->components().end());
}

}  // namespace countersign::billing
