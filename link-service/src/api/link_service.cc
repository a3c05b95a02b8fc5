#include "link-service/src/api/link_service.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "link-service/src/api/access_link_change.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/api/press_requests.h"
#include "link-service/src/domain/link_token.h"

namespace countersign::link {

absl::StatusOr<v1::IssueLinkResponse> LinkService::Issue(const rpc::Call& call, const IssueLinkCommand& command) {
  // A new secret on every run: only a committed one is ever shown, with its sealed reply.
  const LinkToken token{command.tenant, RandomBytes(kSecretBytes)};
  const KeptSecret kept = Keep(link_keys_, token);
  v1::OrderReview review = command.review;
  review.set_agreement_version(agreement_version_);
  const Link link{.link_id = command.tenant,
                  .partner_id = command.partner,
                  .order_id = command.order,
                  .revision = command.revision,
                  .key_id = kept.key_id,
                  .secret_hmac = kept.hmac,
                  .review = rpc::DeterministicBytes(review),
                  .create_time = call.now(),
                  .billing_account = command.billing_account,
                  .expire_time = command.expire_time,
                  .update_time = call.now()};
  v1::IssueLinkResponse reply;
  *reply.mutable_link() = ToProto(link);
  reply.set_url(absl::StrCat(public_url_, PathOf(token)));
  const absl::Status committed = committer_.Commit(
      call.deadline(),
      call.ChangeOf(
          {.rows = {LinkStore::Row(link)}, .events = {LinkEventOf(call, link)}, .reply = reply, .sealed = true}));
  // A link has one first version, so the race for it was lost to the link that exists.
  if (IsLostRace(committed)) {
    return AlreadyExists("LINK_EXISTS", "Another request issued this link. Choose another link id.",
                         {{"link", link.link_id.ToString()}});
  }
  RETURN_IF_ERROR(committed);
  return reply;
}

absl::StatusOr<Link> LinkService::OwnLink(const rpc::Call& call, const Uuid& link_id) const {
  ASSIGN_OR_RETURN(Link link, links_.Get(call.deadline(), link_id));
  if (!call.RequirePartner(link.partner_id).ok()) return LinkNotFound(link_id);
  return link;
}

absl::StatusOr<v1::Link> LinkService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Link link, OwnLink(call, named.id));
  return ToProtoWithViews(link);
}

absl::StatusOr<v1::ListLinksResponse> LinkService::List(const rpc::Call& call, const ListLinksCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Link> page, links_.List(call.deadline(), command.partner, command.list.page));
  v1::ListLinksResponse reply;
  for (const Link& link : page.items) *reply.add_links() = ToProtoWithViews(link);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ListLinkEventsResponse> LinkService::ListEvents(const rpc::Call& call,
                                                                   const rpc::ListRequest& command) const {
  RETURN_IF_ERROR(OwnLink(call, command.parent).status());
  ASSIGN_OR_RETURN(const mysql::Page<LinkRecord> page,
                   records_.List(call.deadline(), command.parent, command.list.page));
  v1::ListLinkEventsResponse reply;
  const bool for_vendor = call.caller().role != rpc::Role::kPartner;
  for (const LinkRecord& record : page.items) *reply.add_events() = ToProto(record, for_vendor);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::SendAccessLinkResponse> LinkService::SendAccess(const rpc::Call& call,
                                                                   const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Link link, OwnLink(call, named.id));
  if (IsErased(link)) return LinkNotFound(link.link_id);
  const bool by_partner = call.caller().role == rpc::Role::kPartner;
  ASSIGN_OR_RETURN(
      events::Change asked,
      AskForAccessLink(call, access_links_, link, by_partner ? AccessLinkAsker::kPartner : AccessLinkAsker::kOperator));
  const v1::SendAccessLinkResponse reply;
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(asked.rows), .events = std::move(asked.events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Link> LinkService::Restate(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Link link, links_.Get(call.deadline(), named.id));
  RETURN_IF_ERROR(TellPress(call, link));
  Link restated = link;
  ++restated.version;
  restated.update_time = call.now();
  const v1::Link reply = ToProto(restated);
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = {LinkStore::Row(restated)},
                                                        .events = {LinkEventOf(call, restated, "LINK_RESTATED")},
                                                        .reply = reply})));
  return reply;
}

absl::Status LinkService::TellPress(const rpc::Call& call, const Link& link) const {
  if (link.state != LinkState::kConfirmed && link.state != LinkState::kDeclined) return absl::OkStatus();
  const PressAct act = link.state == LinkState::kConfirmed ? PressAct::kConfirm : PressAct::kDecline;
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept, presses_.FindDecisive(call.deadline(), link.link_id, act));
  v1::PressEvidence evidence;
  if (!kept.has_value() || kept->press.evidence.empty() || !evidence.ParseFromString(kept->press.evidence)) {
    return FailedPrecondition("PRESS_NOT_KEPT", "The press that ended this link is not kept.",
                              {{"state", std::string(NameOf(link.state))}});
  }
  if (act == PressAct::kDecline) {
    return orders_.DeclineOrder(call.outgoing(), DeclineRequestOf(link, kept->press, evidence)).status();
  }
  return orders_.ConfirmOrder(call.outgoing(), ConfirmRequestOf(link, kept->press, kept->content_sha256, evidence))
      .status();
}

absl::StatusOr<v1::ExtendLinkResponse> LinkService::Extend(const rpc::Call& call, const ExtendLinkCommand& command) {
  ASSIGN_OR_RETURN(const Link link, links_.Get(call.deadline(), command.tenant));
  const std::optional<Link> extended = countersign::link::Extend(link, command.expire_time, call.now());
  const v1::ExtendLinkResponse reply;
  if (!extended.has_value()) return reply;
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = {LinkStore::Row(*extended)}, .events = {LinkEventOf(call, *extended)}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Link> LinkService::ApplyOutcome(const rpc::Call& call, const ApplyOrderOutcomeCommand& command) {
  ASSIGN_OR_RETURN(const Link link, links_.Get(call.deadline(), command.tenant));
  const std::optional<Link> decided = Apply(link, command.outcome, call.now());
  // The link is final, so its reply stays the same without being stored.
  if (!decided.has_value()) return ToProto(link);
  const v1::Link reply = ToProto(*decided);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {LinkStore::Row(*decided)},
                                      .events = {LinkEventOf(call, *decided)},
                                      .reply = reply,
                                      .also = PressStore::ConfirmedBy(command.outcome.press_time, link.link_id)})));
  return reply;
}

absl::StatusOr<v1::EraseLinkResponse> LinkService::Erase(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Link link, links_.Get(call.deadline(), named.id));
  const v1::EraseLinkResponse reply;
  if (IsErased(link)) return reply;
  const Link erased = Erased(link, call.now());
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = {LinkStore::Row(erased)},
                                                        .events = {LinkEventOf(call, erased, "LINK_ERASED")},
                                                        .reply = reply,
                                                        .also = LinkStore::EraseWords(erased)})));
  return reply;
}

}  // namespace countersign::link
