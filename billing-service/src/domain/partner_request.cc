#include "billing-service/src/domain/partner_request.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::Status CheckWaits(const PartnerRequest& request, absl::Time now) {
  const PartnerRequestState state = StateAt(request, now);
  if (state == PartnerRequestState::kWaiting) return absl::OkStatus();
  return FailedPrecondition("PARTNER_REQUEST_STATE",
                            absl::StrCat("The request is ", NameOf(state), " and cannot be answered any more."),
                            {{"state", std::string(NameOf(state))}});
}

void End(PartnerRequest& request, PartnerRequestState state, absl::Time now) {
  request.state = state;
  request.end_time = now;
  ++request.version;
}

}  // namespace

PartnerRequestState StateAt(const PartnerRequest& request, absl::Time now) {
  const bool expired = request.state == PartnerRequestState::kWaiting && now >= request.expire_time;
  return expired ? PartnerRequestState::kExpired : request.state;
}

absl::StatusOr<PartnerRequest> AskPartner(const Subscription& subscription, const AskedPartner& partner,
                                          const std::optional<PartnerRequest>& newest, absl::Time now) {
  if (newest.has_value() && newest->partner == partner.id && StateAt(*newest, now) == PartnerRequestState::kWaiting) {
    return FailedPrecondition("PARTNER_REQUEST_WAITS",
                              "This partner was asked already, and has not answered yet. Wait, or ask another one.",
                              {{"partnerRequest", newest->id.ToString()}});
  }
  Subscription changed = subscription;
  RETURN_IF_ERROR(ChangePartner(changed, partner.id, DateOf(now)).status());
  PartnerRequest request;
  request.account = subscription.account;
  request.subscription = subscription.id;
  request.number = newest.has_value() ? newest->number + 1 : 1;
  request.id = Uuid::Derived({"partner request", subscription.id.bytes(), absl::StrCat(request.number)});
  request.partner = partner.id;
  request.partner_display_name = partner.display_name;
  request.old_partner = PartnerAt(subscription, DateOf(now));
  request.offer_title = subscription.title;
  request.quantity = Quantity(subscription);
  request.create_time = now;
  request.expire_time = now + kPartnerRequestLifetime;
  return request;
}

absl::Status AcceptRequest(PartnerRequest& request, Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(CheckWaits(request, now));
  const Date today = DateOf(now);
  if (PartnerAt(subscription, today) != request.old_partner) {
    return FailedPrecondition("PARTNER_CHANGED",
                              "The subscription has another partner of record than when the customer asked. The "
                              "customer can ask again.",
                              {{"subscription", subscription.id.ToString()}});
  }
  ASSIGN_OR_RETURN(request.effective, ChangePartner(subscription, request.partner, today));
  End(request, PartnerRequestState::kAccepted, now);
  return absl::OkStatus();
}

absl::Status EndRequest(PartnerRequest& request, PartnerRequestState state, absl::Time now) {
  RETURN_IF_ERROR(CheckWaits(request, now));
  End(request, state, now);
  return absl::OkStatus();
}

}  // namespace countersign::billing
