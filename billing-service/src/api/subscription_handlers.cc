#include "billing-service/src/api/subscription_handlers.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/filter.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

const std::vector<rpc::FilterField>& FilterFields() {
  using enum rpc::FilterType;
  static const auto* const fields = new std::vector<rpc::FilterField>{
      {"state", "state", kEnum, {"PENDING", "ACTIVE", "PAST_DUE", "SUSPENDED", "CANCELLED", "EXPIRED"}},
      {"order", "order_id", kName, {kOrderName}},
      {"start_date", "start_date", kDate},
      {"create_time", "create_time", kTime}};
  return *fields;
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
  command.condition = rpc::RequireFilter(violations, request.filter(), FilterFields());
  command.filter = absl::StrCat(request.parent(), "\n", request.filter());
  command.page = rpc::RequirePage(violations, call, command.filter, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<v1::ListSubscriptionsResponse> SubscriptionHandlers::List(const rpc::Call& call,
                                                                         const ListSubscriptions& command) const {
  // The token is authenticated, so what it holds is the id that was put there. One more than asked for tells whether
  // there is a next page.
  const Uuid after = Uuid::Parse(command.page.after).value_or(Uuid());
  ASSIGN_OR_RETURN(
      std::vector<Subscription> page,
      subscriptions_.List(call.deadline(), command.account, command.condition, after, int64_t{command.page.size} + 1));
  v1::ListSubscriptionsResponse reply;
  if (page.size() > static_cast<size_t>(command.page.size)) {
    page.pop_back();
    reply.set_next_page_token(rpc::NextPageToken(call, command.filter, page.back().id.ToString()));
  }
  for (const Subscription& subscription : page) *reply.add_subscriptions() = ToProto(subscription);
  return reply;
}

}  // namespace countersign::billing
