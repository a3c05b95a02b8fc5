#include "billing-service/src/api/entitlement_service.h"

#include <map>
#include <utility>

#include "billing-service/src/api/entitlement_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::ListEntitlementsResponse> EntitlementService::List(const rpc::Call& call,
                                                                      const AccountList& command) const {
  mysql::PageQuery query = command.list.page;
  HideEnded(query.condition);
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page, subscriptions_.List(call.deadline(), command.account, query));
  std::map<std::string, std::vector<std::string>> expanded;  // An account has few different offers.
  v1::ListEntitlementsResponse reply;
  for (const Subscription& subscription : page.items) {
    const auto [offer, is_new] = expanded.try_emplace(subscription.offer);
    if (is_new) {
      ASSIGN_OR_RETURN(offer->second, Expand(call, subscription.offer));
    }
    *reply.add_entitlements() = EntitlementOf(subscription, offer->second);
  }
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<std::vector<std::string>> EntitlementService::Expand(const rpc::Call& call,
                                                                    const std::string& offer) const {
  order::v1::GetOfferRequest request;
  request.set_name(offer);
  const absl::StatusOr<order::v1::Offer> found = orders_.GetOffer(call.outgoing(), request);
  if (absl::IsNotFound(found.status())) return std::vector<std::string>{offer};
  RETURN_IF_ERROR(found.status());
  if (found->components().empty()) return std::vector<std::string>{offer};
  return std::vector<std::string>(found->components().begin(), found->components().end());
}

}  // namespace countersign::billing
