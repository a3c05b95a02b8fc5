// Orders that change a running subscription: reads the subscription and prices the change.
#include <memory>
#include <optional>
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
  std::optional<Date> partner_end;
  for (const billing::v1::Subscription::PartnerAssignment& assignment : answer.partner_assignments()) {
    if (assignment.partner() != answer.partner_of_record()) continue;
    const absl::StatusOr<Date> end = rpc::FromProto(assignment.end_date());
    partner_end = assignment.has_end_date() && end.ok() ? std::optional<Date>(*end) : std::nullopt;
  }
  return Subscription{.name = name,
                      .partner_of_record = partner->front(),
                      .partner_end = partner_end,
                      .came_along = !answer.partner_assignments().empty() &&
                                    answer.partner_assignments(0).partner() != answer.partner_of_record(),
                      .offer_id = std::string(absl::StripPrefix(answer.offer(), kOfferPrefix)),
                      .seats = answer.quantity(),
                      .currency = answer.tranches(0).unit_price().currency_code(),
                      .billing_period_months = answer.billing_period_months(),
                      .renewal_date = *renewal};
}

}  // namespace

absl::StatusOr<PricedLines> OrderService::PriceChangeNow(const rpc::Call& call, const CustomerName& buyer,
                                                         OrderKind kind, const RequestedLine& wanted,
                                                         const std::string& currency, int& billing_period_months) {
  if (kind == OrderKind::kChangePartner) return PricePartnerChange(call, buyer, wanted, currency);
  const SubscriptionName& name = *wanted.subscription;
  bool own = name.account == BillingAccountOf(buyer, currency);
  if (!own) {
    ASSIGN_OR_RETURN(own, orders_.CameByPartnerChange(call.deadline(), buyer, name.account));
  }
  const absl::StatusOr<Subscription> read = ReadSubscription(call, name);
  if (!own && read.ok()) {
    ASSIGN_OR_RETURN(own, CameWithoutOrder(call, buyer, *read));
  }
  if (!own && (read.ok() || absl::IsNotFound(read.status()))) {
    return InvalidField("order.lines[0].subscription", "must be one of the order's customer in the order's currency");
  }
  RETURN_IF_ERROR(read.status());
  const Subscription& subscription = *read;
  RETURN_IF_ERROR(CheckMayChange(subscription, buyer.partner, call.now()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  billing_period_months = subscription.billing_period_months;
  return PriceChange(*catalogue, kind, wanted, subscription, currency, call.now());
}

absl::StatusOr<bool> OrderService::CameWithoutOrder(const rpc::Call& call, const CustomerName& buyer,
                                                    const Subscription& subscription) {
  if (!subscription.came_along || subscription.partner_of_record != buyer.partner) return false;
  ASSIGN_OR_RETURN(const bool of_another,
                   orders_.IsBilledForAnother(call.deadline(), buyer, subscription.name.account));
  return !of_another;
}

absl::StatusOr<Subscription> OrderService::ReadSubscription(const rpc::Call& call, const SubscriptionName& name) {
  billing::v1::GetSubscriptionRequest request;
  request.set_name(rpc::FormatName(kSubscriptionName, {name.account, name.id}));
  ASSIGN_OR_RETURN(const billing::v1::Subscription answer, billing_.GetSubscription(call.outgoing(), request));
  return SubscriptionOf(name, answer);
}

absl::StatusOr<PricedLines> OrderService::PricePartnerChange(const rpc::Call& call, const CustomerName& buyer,
                                                             const RequestedLine& wanted, const std::string& currency) {
  billing::v1::ResolveTransferCodeRequest resolve;
  resolve.set_transfer_code_id(wanted.transfer_code->ToString());
  ASSIGN_OR_RETURN(const billing::v1::TransferCode code, billing_.ResolveTransferCode(call.outgoing(), resolve));
  const absl::StatusOr<std::vector<Uuid>> ids = rpc::ParseName(kSubscriptionName, code.subscription());
  if (!ids.ok()) return absl::InternalError("What billing-service says of a transfer code makes no sense.");
  ASSIGN_OR_RETURN(const Subscription subscription, ReadSubscription(call, {ids->front(), ids->back()}));
  std::string former_name;
  if (const std::optional<Uuid> former = FormerPartner(subscription, DateOf(call.now())); former.has_value()) {
    partner::v1::GetPartnerRequest get;
    get.set_name(rpc::FormatName(kPartnerName, {*former}));
    ASSIGN_OR_RETURN(const partner::v1::Partner partner, partners_.GetPartner(call.outgoing(), get));
    former_name = partner.display_name();
  }
  return LineOfPartnerChange(subscription, buyer.partner, *wanted.transfer_code, std::move(former_name), currency);
}

}  // namespace countersign::order
