#include "link-service/src/api/link_messages.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

v1::Link::State ToProto(LinkState state) {
  switch (state) {
    case LinkState::kActive:
      return v1::Link::STATE_ACTIVE;
    case LinkState::kConfirmed:
      return v1::Link::STATE_CONFIRMED;
    case LinkState::kDeclined:
      return v1::Link::STATE_DECLINED;
    case LinkState::kExpired:
      return v1::Link::STATE_EXPIRED;
    case LinkState::kRevoked:
      return v1::Link::STATE_REVOKED;
    case LinkState::kSuperseded:
      return v1::Link::STATE_SUPERSEDED;
  }
  return v1::Link::STATE_UNSPECIFIED;
}

}  // namespace

std::optional<LinkState> FromProto(v1::Link::State state) {
  for (const LinkState known : {LinkState::kActive, LinkState::kConfirmed, LinkState::kDeclined, LinkState::kExpired,
                                LinkState::kRevoked, LinkState::kSuperseded}) {
    if (ToProto(known) == state) return known;
  }
  return std::nullopt;
}

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
  if (link.last_view_time.has_value()) *message.mutable_last_view_time() = rpc::ToProto(*link.last_view_time);
  return message;
}

events::Event LinkEventOf(const rpc::Call& call, const Link& link) {
  v1::LinkEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {link.link_id}));
  payload.set_order(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
  payload.set_state(ToProto(link.state));
  payload.set_version(link.version);
  const absl::string_view what = link.state == LinkState::kActive ? "ISSUED" : ToString(link.state);
  return call.MakeEvent(link.link_id, link.link_id, link.version, absl::StrCat("LINK_", what), payload, ToProto(link));
}

events::Event PressEventOf(const rpc::Call& call, const Press& press, const ShownContent& shown) {
  v1::PressEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {press.link_id}));
  payload.set_press(press.press_id.ToString());
  payload.set_act(std::string(ToString(press.act)));
  payload.set_content_sha256(shown.sha256);
  payload.set_evidence_digest(EvidenceDigest(press));
  return call.MakeEvent(press.link_id, press.press_id, /*version=*/1, "PRESS_RECORDED", payload, payload);
}

}  // namespace countersign::link
