#include "billing-service/src/api/subscription_handlers.h"

#include <optional>
#include <vector>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

std::vector<mysql::FilterField> SubscriptionFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, {"PENDING", "ACTIVE", "PAST_DUE", "SUSPENDED", "CANCELLED", "EXPIRED"}},
          {"offer", "offer", kAscii},
          {"order", "order_id", kName, {kOrderName}},
          {"start_date", "start_date", kDate},
          {"create_time", "create_time", kTime}};
}

}  // namespace

absl::StatusOr<GetSubscription> ParseGetSubscription(const rpc::Call&, const v1::GetSubscriptionRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kSubscriptionName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  return GetSubscription{ids[0], ids[1]};
}

absl::StatusOr<v1::Subscription> SubscriptionHandlers::Get(const rpc::Call& call,
                                                           const GetSubscription& command) const {
  ASSIGN_OR_RETURN(const std::optional<Subscription> subscription,
                   subscriptions_.Find(call.deadline(), command.account, command.subscription));
  if (!subscription.has_value()) {
    return NotFound("SUBSCRIPTION_NOT_FOUND", "there is no such subscription",
                    {{"subscription", rpc::FormatName(kSubscriptionName, {command.account, command.subscription})}});
  }
  return ToProto(*subscription);
}

absl::StatusOr<ListSubscriptions> ParseListSubscriptions(const rpc::Call& call,
                                                         const v1::ListSubscriptionsRequest& request) {
  FieldViolations violations;
  ListSubscriptions command;
  command.account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  command.list = rpc::RequireListing(violations, call, request, SubscriptionFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<v1::ListSubscriptionsResponse> SubscriptionHandlers::List(const rpc::Call& call,
                                                                         const ListSubscriptions& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page,
                   subscriptions_.List(call.deadline(), command.account, command.list.page));
  v1::ListSubscriptionsResponse reply;
  for (const Subscription& subscription : page.items) *reply.add_subscriptions() = ToProto(subscription);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
