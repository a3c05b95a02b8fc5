#include "link-service/src/page/press_messages.h"

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

constexpr size_t kMaxUserAgent = 500;
constexpr int kViewSaltBytes = 16;

v1::PressEvidence SenderOf(const PressedPage& pressed) {
  v1::PressEvidence evidence;
  evidence.set_ip_address(pressed.ip_address);
  evidence.set_user_agent(CleanUserAgent(pressed.user_agent));
  return evidence;
}

}  // namespace

// A client may send any bytes in a header; only printable ASCII is kept.
std::string CleanUserAgent(const std::string& sent) {
  std::string clean;
  for (const char c : sent) {
    if (absl::ascii_isprint(static_cast<unsigned char>(c)) && clean.size() < kMaxUserAgent) clean.push_back(c);
  }
  return std::string(absl::StripAsciiWhitespace(clean));
}

rpc::Call CallOfHolder(const PressedPage& pressed, absl::string_view act, const Uuid& request_id, absl::Time now) {
  const std::string holder = rpc::FormatName(kLinkName, {pressed.link.link_id});
  return rpc::Call({.caller = {.role = rpc::Role::kService, .name = holder, .partner = {}},
                    .on_behalf_of = holder,
                    .service = "link-service",
                    .method = absl::StrCat("page/", act),
                    .trace_id = pressed.trace_id,
                    .span_id = pressed.span_id,
                    .request_id = request_id.ToString(),
                    .tenant = pressed.link.link_id,
                    .deadline = pressed.deadline,
                    .now = now});
}

v1::PressEvidence EvidenceOf(const PressedPage& pressed, const web::ConfirmForm& form) {
  v1::PressEvidence evidence = SenderOf(pressed);
  evidence.set_purchase_order_number(form.purchase_order_number);
  evidence.set_company_name(form.company_name);
  evidence.set_billing_email(form.contact_email);
  if (!form.company_name.empty()) {  // It was asked who pays.
    google::type::PostalAddress& address = *evidence.mutable_billing_address();
    address.set_region_code(form.country);
    address.set_postal_code(form.postal_code);
    address.set_administrative_area(form.region);
    address.set_locality(form.city);
    address.mutable_address_lines()->Add(form.address_lines.begin(), form.address_lines.end());
    address.set_organization(form.company_name);
  }
  evidence.set_confirmer_name(form.confirmer_name);
  evidence.set_confirmer_title(form.confirmer_title);
  evidence.set_confirmer_email(form.confirmer_email);
  evidence.set_tax_id(form.tax_id);
  evidence.set_code(pressed.code);
  evidence.set_language_code(pressed.page.content.locale());
  evidence.set_agreement_version(pressed.page.content.review().agreement_version());
  return evidence;
}

v1::PressEvidence EvidenceOf(const PressedPage& pressed, const std::string& decline_reason) {
  v1::PressEvidence evidence = SenderOf(pressed);
  evidence.set_decline_reason(decline_reason);
  return evidence;
}

events::Event PressEventOf(const rpc::Call& call, const Press& press, const ShownContent& shown) {
  v1::PressEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {press.link_id}));
  payload.set_press(press.press_id.ToString());
  payload.set_act(ToProto(press.act));
  payload.set_content_sha256(shown.sha256);
  payload.set_evidence_digest(EvidenceDigest(press));
  return call.MakeEvent(
      {.aggregate = press.press_id, .version = 1, .type = "PRESS_RECORDED", .payload = payload, .resource = payload});
}

PageView PageViewOf(const PressedPage& seen, absl::Time now) {
  v1::ViewEvidence evidence;
  evidence.set_ip_address(seen.ip_address);
  evidence.set_user_agent(CleanUserAgent(seen.user_agent));
  PageView view{.link_id = seen.link.link_id,
                .view_id = {},
                .content_sha256 = seen.page.sha256,
                .evidence = rpc::DeterministicBytes(evidence),
                .salt = RandomBytes(kViewSaltBytes),
                .view_time = now};
  view.view_id = PageViewId(view.link_id, view.content_sha256, view.evidence, now);
  return view;
}

events::Event PageViewEventOf(const rpc::Call& call, const PageView& view) {
  v1::ViewEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {view.link_id}));
  payload.set_view(view.view_id.ToString());
  payload.set_content_sha256(view.content_sha256);
  payload.set_evidence_digest(EvidenceDigest(view));
  return call.MakeEvent(
      {.aggregate = view.view_id, .version = 1, .type = "VIEW_RECORDED", .payload = payload, .resource = payload});
}

OrderOutcome OutcomeOf(const order::v1::Order& order, PressAct act, absl::Time now) {
  OrderOutcome outcome{act == PressAct::kConfirm ? LinkState::kConfirmed : LinkState::kDeclined, 1, now};
  // The etag is the order's version as text.
  if (int64_t version = 0; absl::SimpleAtoi(order.etag(), &version) && version > 0) outcome.order_version = version;
  const bool confirmed = act == PressAct::kConfirm && order.has_confirm_time();
  const absl::StatusOr<absl::Time> time = rpc::FromProto(confirmed ? order.confirm_time() : order.update_time());
  if ((confirmed || order.has_update_time()) && time.ok()) outcome.decide_time = *time;
  const absl::StatusOr<absl::Time> pressed = rpc::FromProto(order.press_time());
  if (act == PressAct::kConfirm && order.has_press_time() && pressed.ok()) outcome.press_time = *pressed;
  return outcome;
}

}  // namespace countersign::link
