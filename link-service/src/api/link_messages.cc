#include "link-service/src/api/link_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

constexpr absl::string_view kStatePrefix = "STATE_";

v1::Link::State ToProto(LinkState state) { return rpc::EnumNamed<v1::Link::State>(kStatePrefix, NameOf(state)); }

void AddView(const PageView& view, bool for_vendor, v1::LinkRecord& message) {
  message.set_view(view.view_id.ToString());
  message.set_content_sha256(view.content_sha256);
  v1::ViewEvidence evidence;
  if (view.evidence.empty() || !evidence.ParseFromString(view.evidence)) return;  // Erased.
  message.set_evidence_digest(EvidenceDigest(view));
  if (!for_vendor) return;
  message.set_ip_address(evidence.ip_address());
  message.set_user_agent(evidence.user_agent());
}

}  // namespace

std::optional<LinkState> FromProto(v1::Link::State state) {
  return FindNamed(kLinkStates, absl::StripPrefix(v1::Link::State_Name(state), kStatePrefix));
}

v1::PressEvent::Act ToProto(PressAct act) { return rpc::EnumNamed<v1::PressEvent::Act>("ACT_", NameOf(act)); }

v1::Link ToProto(const Link& link) {
  v1::Link message;
  message.set_name(rpc::FormatName(kLinkName, {link.link_id}));
  message.set_order(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
  message.set_revision(link.revision);
  message.set_state(ToProto(link.state));
  *message.mutable_expire_time() = rpc::ToProto(link.expire_time);
  *message.mutable_create_time() = rpc::ToProto(link.create_time);
  *message.mutable_update_time() = rpc::ToProto(link.update_time);
  return message;
}

v1::Link ToProtoWithViews(const Link& link) {
  v1::Link message = ToProto(link);
  message.set_view_count(link.view_count);
  message.set_automated_view_count(link.automated_view_count);
  if (link.last_view_time.has_value()) *message.mutable_last_view_time() = rpc::ToProto(*link.last_view_time);
  return message;
}

v1::LinkRecord ToProto(const LinkRecord& record, bool for_vendor) {
  v1::LinkRecord message;
  message.set_type(record.type);
  *message.mutable_create_time() = rpc::ToProto(record.create_time);
  message.set_version(record.version);
  if (record.view.has_value()) AddView(*record.view, for_vendor, message);
  if (!record.press.has_value()) return message;
  const Press& press = *record.press;
  message.set_press(press.press_id.ToString());
  message.set_act(ToProto(press.act));
  message.set_revision(press.revision);
  message.set_content_sha256(record.content_sha256);
  message.set_outcome(record.outcome);
  v1::PressEvidence evidence;
  if (press.evidence.empty() || !evidence.ParseFromString(press.evidence)) return message;  // Erased.
  message.set_evidence_digest(EvidenceDigest(press));
  message.set_code(evidence.code());
  if (!for_vendor) return message;
  message.set_ip_address(evidence.ip_address());
  message.set_user_agent(evidence.user_agent());
  return message;
}

events::Event LinkEventOf(const rpc::Call& call, const Link& link, absl::string_view type) {
  v1::LinkEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {link.link_id}));
  payload.set_order(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
  payload.set_state(ToProto(link.state));
  payload.set_version(link.version);
  const absl::string_view open = link.version == 1 ? "ISSUED" : "EXTENDED";
  const absl::string_view what = link.state == LinkState::kActive ? open : NameOf(link.state);
  return call.MakeEvent({.aggregate = link.link_id,
                         .version = link.version,
                         .type = type.empty() ? absl::StrCat("LINK_", what) : type,
                         .payload = payload,
                         .resource = ToProto(link)});
}

events::Event AccessLinkEventOf(const rpc::Call& call, const AccessLink& access_link) {
  v1::AccessLinkEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {access_link.link_id}));
  payload.set_number(access_link.number);
  payload.set_asked_by(rpc::EnumNamed<v1::AccessLinkEvent::Asker>("ASKER_", NameOf(access_link.asked_by)));
  const Uuid id = Uuid::Derived({"access_link", access_link.link_id.ToString(), absl::StrCat(access_link.number)});
  return call.MakeEvent(
      {.aggregate = id, .version = 1, .type = kAccessLinkRequested, .payload = payload, .resource = payload});
}

}  // namespace countersign::link
