#include "link-service/src/api/link_handlers.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/domain/link_token.h"

namespace countersign::link {

absl::StatusOr<v1::IssueLinkResponse> LinkHandlers::Issue(const rpc::Call& call, const IssueLink& command) {
  // Drawn anew on every run: only a secret that was committed, with its sealed reply, is ever shown.
  const LinkToken token{command.tenant, RandomBytes(kSecretBytes)};
  const KeptSecret kept = Keep(link_keys_, token);
  const Link link{.link_id = command.tenant,
                  .partner_id = command.partner,
                  .order_id = command.order,
                  .revision = command.revision,
                  .key_id = kept.key_id,
                  .secret_hmac = kept.hmac,
                  .expire_time = command.expire_time,
                  .review = rpc::DeterministicBytes(command.review),
                  .create_time = call.now(),
                  .update_time = call.now()};
  v1::IssueLinkResponse reply;
  *reply.mutable_link() = ToProto(link);
  reply.set_url(absl::StrCat(public_url_, PathOf(token)));
  RETURN_IF_ERROR(
      links_.Insert(call.deadline(), link, call.MakeChange({LinkEventOf(call, link)}, reply, /*sealed=*/true)));
  return reply;
}

absl::StatusOr<v1::Link> LinkHandlers::Get(const rpc::Call& call, const GetLink& command) {
  ASSIGN_OR_RETURN(const Link link, links_.Find(call.deadline(), command.link));
  // A link's name does not say whose it is; another partner's answer is that of a link that never was.
  if (!call.RequirePartner(link.partner_id).ok()) {
    return NotFound("LINK_NOT_FOUND", "There is no such link.", {{"link", command.link.ToString()}});
  }
  return ToProtoWithViews(link);
}

absl::StatusOr<v1::Link> LinkHandlers::ApplyOutcome(const rpc::Call& call, const ApplyOrderOutcome& command) {
  ASSIGN_OR_RETURN(const Link link, links_.Find(call.deadline(), command.tenant));
  const std::optional<Link> decided = Apply(link, command.outcome, call.now());
  // Nothing new, so the link is final: the reply would be the same for ever and needs not be stored.
  if (!decided.has_value()) return ToProto(link);
  const v1::Link reply = ToProto(*decided);
  RETURN_IF_ERROR(links_.Update(call.deadline(), *decided, /*press_id=*/std::nullopt,
                                call.MakeChange({LinkEventOf(call, *decided)}, reply)));
  return reply;
}

}  // namespace countersign::link
