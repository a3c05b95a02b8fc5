#include "billing-service/src/api/subscription_service.h"

#include "billing-service/src/api/subscription_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::Subscription> SubscriptionService::Get(const rpc::Call& call,
                                                          const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Subscription subscription, subscriptions_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(subscription);
}

absl::StatusOr<v1::ListSubscriptionsResponse> SubscriptionService::List(const rpc::Call& call,
                                                                        const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page,
                   subscriptions_.List(call.deadline(), command.parent, command.list.page));
  v1::ListSubscriptionsResponse reply;
  for (const Subscription& subscription : page.items) *reply.add_subscriptions() = ToProto(subscription);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
