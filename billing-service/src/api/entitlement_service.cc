#include "billing-service/src/api/entitlement_service.h"

#include "billing-service/src/api/entitlement_reader.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::ListEntitlementsResponse> EntitlementService::List(const rpc::Call& call,
                                                                      const AccountList& command) const {
  mysql::PageQuery query = command.list.page;
  HideEnded(query.condition);
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page, subscriptions_.List(call.deadline(), command.account, query));
  EntitlementReader reader(orders_, call.outgoing());
  v1::ListEntitlementsResponse reply;
  for (const Subscription& subscription : page.items) {
    ASSIGN_OR_RETURN(*reply.add_entitlements(), reader.Of(subscription));
  }
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
