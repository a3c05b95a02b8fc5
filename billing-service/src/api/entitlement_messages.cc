#include "billing-service/src/api/entitlement_messages.h"

#include <optional>

#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/entitlement.h"
#include "common/rpc/convert.h"

namespace countersign::billing {

v1::Entitlement EntitlementOf(const Subscription& subscription, const std::vector<std::string>& provided) {
  const v1::Subscription whole = ToProto(subscription);
  v1::Entitlement message;
  message.set_subscription(whole.name());
  message.set_state(whole.state());
  message.set_offer(whole.offer());
  for (const std::string& offer : provided) message.add_provided_offers(offer);
  message.set_seats(whole.quantity());
  *message.mutable_serve_from_date() = whole.serve_from_date();
  if (const std::optional<Date> until = ServeUntil(subscription); until.has_value()) {
    *message.mutable_serve_until_date() = rpc::ToProto(*until);
  }
  *message.mutable_suspension_reasons() = whole.suspension_reasons();
  message.set_version(subscription.version);
  return message;
}

}  // namespace countersign::billing
