#include "billing-service/src/api/partner_request_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

absl::string_view RequestEventType(PartnerRequestState state) {
  switch (state) {
    case PartnerRequestState::kAccepted:
      return "PARTNER_REQUEST_ACCEPTED";
    case PartnerRequestState::kDeclined:
      return "PARTNER_REQUEST_DECLINED";
    case PartnerRequestState::kWithdrawn:
      return "PARTNER_REQUEST_WITHDRAWN";
    case PartnerRequestState::kWaiting:
    case PartnerRequestState::kExpired:  // Derived: no event says it.
      break;
  }
  return "PARTNER_REQUEST_CREATED";
}

v1::PartnerRequest::State StateProto(PartnerRequestState state) {
  return rpc::EnumNamed<v1::PartnerRequest::State>("STATE_", NameOf(state));
}

std::string NameOfRequest(const PartnerRequest& request) {
  return rpc::FormatName(kPartnerRequestName, {request.account, request.id});
}

}  // namespace

v1::PartnerRequest ToProto(const PartnerRequest& request, absl::Time now) {
  v1::PartnerRequest message;
  message.set_name(NameOfRequest(request));
  message.set_subscription(rpc::FormatName(kSubscriptionName, {request.account, request.subscription}));
  message.set_partner(rpc::FormatName(kPartnerName, {request.partner}));
  message.set_partner_display_name(request.partner_display_name);
  if (request.old_partner.has_value()) {
    message.set_old_partner(rpc::FormatName(kPartnerName, {*request.old_partner}));
  }
  message.set_state(StateProto(StateAt(request, now)));
  *message.mutable_create_time() = rpc::ToProto(request.create_time);
  *message.mutable_expire_time() = rpc::ToProto(request.expire_time);
  if (request.end_time.has_value()) *message.mutable_end_time() = rpc::ToProto(*request.end_time);
  if (request.effective.has_value()) *message.mutable_effective_date() = rpc::ToProto(*request.effective);
  message.set_etag(rpc::EtagOf(request.version));
  return message;
}

v1::ReceivedPartnerRequest ReceivedOf(const PartnerRequest& request, const std::string& company_name, absl::Time now) {
  v1::ReceivedPartnerRequest message;
  message.set_name(NameOfRequest(request));
  message.set_subscription(rpc::FormatName(kSubscriptionName, {request.account, request.subscription}));
  message.set_company_name(company_name);
  message.set_offer_title(request.offer_title);
  message.set_quantity(request.quantity);
  message.set_state(StateProto(StateAt(request, now)));
  *message.mutable_create_time() = rpc::ToProto(request.create_time);
  *message.mutable_expire_time() = rpc::ToProto(request.expire_time);
  if (request.effective.has_value()) *message.mutable_effective_date() = rpc::ToProto(*request.effective);
  message.set_etag(rpc::EtagOf(request.version));
  return message;
}

events::Event PartnerRequestEventOf(const rpc::Call& call, const PartnerRequest& request,
                                    const google::protobuf::Message& resource, absl::string_view reason) {
  v1::PartnerRequestEvent payload;
  payload.set_partner_request(NameOfRequest(request));
  payload.set_subscription(rpc::FormatName(kSubscriptionName, {request.account, request.subscription}));
  payload.set_partner(rpc::FormatName(kPartnerName, {request.partner}));
  payload.set_state(StateProto(request.state));
  payload.set_version(request.version);
  return call.MakeEvent({.tenant = request.account,
                         .aggregate = request.id,
                         .version = request.version,
                         .type = RequestEventType(request.state),
                         .payload = payload,
                         .resource = resource,
                         .reason = reason});
}

}  // namespace countersign::billing
