// What orders that change a subscription have of their own.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_service.h"
#include "order-service/src/domain/subscription_change.h"

namespace countersign::order {
namespace {

// Error: INTERNAL for an answer that makes no sense.
absl::StatusOr<Subscription> SubscriptionOf(const SubscriptionName& name, const billing::v1::Subscription& answer) {
  const absl::StatusOr<std::vector<Uuid>> partner = rpc::ParseName(kPartnerName, answer.partner_of_record());
  const absl::StatusOr<Date> renewal = rpc::FromProto(answer.term_end_date());
  if (!partner.ok() || !renewal.ok() || answer.tranches().empty()) {
    return absl::InternalError(
        absl::StrCat("What billing-service says of a subscription makes no sense: ", answer.name()));
  }
  return Subscription{.name = name,
                      .partner_of_record = partner->front(),
                      .offer_id = std::string(absl::StripPrefix(answer.offer(), kOfferPrefix)),
                      .seats = answer.quantity(),
                      .currency = answer.tranches(0).unit_price().currency_code(),
                      .billing_period_months = answer.billing_period_months(),
                      .renewal_date = *renewal};
}

}  // namespace

absl::StatusOr<PricedLines> OrderService::PriceChangeNow(const rpc::Call& call, const Buyer& buyer, OrderKind kind,
                                                         const RequestedLine& wanted, const std::string& currency,
                                                         int& billing_period_months) {
  const SubscriptionName& name = *wanted.subscription;
  if (name.account != BillingAccountOf(buyer.partner, buyer.customer, currency)) {
    return InvalidField("order.lines[0].subscription", "must be one of the order's customer in the order's currency");
  }
  billing::v1::GetSubscriptionRequest request;
  request.set_name(rpc::FormatName(kSubscriptionName, {name.account, name.id}));
  ASSIGN_OR_RETURN(const billing::v1::Subscription answer, billing_.GetSubscription(call.outgoing(), request));
  ASSIGN_OR_RETURN(const Subscription subscription, SubscriptionOf(name, answer));
  RETURN_IF_ERROR(CheckMayChange(subscription, buyer.partner, call.now()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  billing_period_months = subscription.billing_period_months;
  return PriceChange(*catalogue, kind, wanted, subscription, currency, call.now());
}

}  // namespace countersign::order
