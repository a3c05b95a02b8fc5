#include "link-service/src/api/press_requests.h"

#include <string>

#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

order::v1::Acceptance AcceptanceOf(const v1::PressEvidence& evidence, const Press& press,
                                   absl::string_view content_sha256) {
  order::v1::Acceptance acceptance;
  acceptance.set_purchase_order_number(evidence.purchase_order_number());
  acceptance.set_company_name(evidence.company_name());
  acceptance.set_billing_email(evidence.billing_email());
  if (evidence.has_billing_address()) *acceptance.mutable_billing_address() = evidence.billing_address();
  acceptance.set_agreement_version(evidence.agreement_version());
  acceptance.set_content_sha256(std::string(content_sha256));
  acceptance.set_ip_address(evidence.ip_address());
  acceptance.set_user_agent(evidence.user_agent());
  acceptance.set_confirmer_name(evidence.confirmer_name());
  acceptance.set_confirmer_title(evidence.confirmer_title());
  acceptance.set_confirmer_email(evidence.confirmer_email());
  acceptance.set_tax_id(evidence.tax_id());
  acceptance.set_language_code(evidence.language_code());
  acceptance.set_contact_verified(evidence.code() > 0);
  *acceptance.mutable_press_time() = rpc::ToProto(press.press_time);
  return acceptance;
}

// The fields that ConfirmOrder and DeclineOrder share.
template <typename Request>
Request RequestOf(const Link& link, const Press& press) {
  Request request;
  request.set_name(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
  request.set_link(rpc::FormatName(kLinkName, {link.link_id}));
  request.set_revision(link.revision);
  request.set_request_id(press.press_id.ToString());
  return request;
}

}  // namespace

order::v1::ConfirmOrderRequest ConfirmRequestOf(const Link& link, const Press& press, absl::string_view content_sha256,
                                                const v1::PressEvidence& evidence) {
  auto request = RequestOf<order::v1::ConfirmOrderRequest>(link, press);
  *request.mutable_acceptance() = AcceptanceOf(evidence, press, content_sha256);
  return request;
}

order::v1::DeclineOrderRequest DeclineRequestOf(const Link& link, const Press& press,
                                                const v1::PressEvidence& evidence) {
  auto request = RequestOf<order::v1::DeclineOrderRequest>(link, press);
  request.set_reason(evidence.decline_reason());
  return request;
}

}  // namespace countersign::link
