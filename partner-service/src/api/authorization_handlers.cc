#include "partner-service/src/api/authorization_handlers.h"

#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Authorization> AuthorizationHandlers::Create(const rpc::Call& call,
                                                                const CreateAuthorization& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.tenant));
  RETURN_IF_ERROR(CheckNotOut(partner, "authorized to sell"));
  const Authorization authorization{.partner_id = command.tenant,
                                    .authorization_id = call.DerivedId("authorization"),
                                    .product = command.product,
                                    .start_time = command.start_time.value_or(call.now()),
                                    .end_time = command.end_time,
                                    .create_time = call.now(),
                                    .update_time = call.now()};
  RETURN_IF_ERROR(CheckNewAuthorization(authorization, call.now()));
  const v1::Authorization reply = ToProto(authorization);
  if (call.validate_only()) return reply;
  const events::Event event =
      call.MakeEvent(authorization.partner_id, authorization.authorization_id, authorization.version,
                     "AUTHORIZATION_CREATED", EventOf(authorization), reply);
  RETURN_IF_ERROR(authorizations_.Insert(call.deadline(), authorization, call.MakeChange({event}, reply)));
  return reply;
}

absl::StatusOr<v1::Authorization> AuthorizationHandlers::Get(const rpc::Call& call,
                                                             const FindAuthorization& command) const {
  ASSIGN_OR_RETURN(const Authorization authorization,
                   authorizations_.Find(call.deadline(), command.partner, command.authorization));
  return ToProto(authorization);
}

absl::StatusOr<v1::ListAuthorizationsResponse> AuthorizationHandlers::List(const rpc::Call& call,
                                                                           const ListUnderPartner& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Authorization> page,
                   authorizations_.List(call.deadline(), command.partner, command.list.page));
  v1::ListAuthorizationsResponse reply;
  for (const Authorization& authorization : page.items) *reply.add_authorizations() = ToProto(authorization);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Authorization> AuthorizationHandlers::Update(const rpc::Call& call,
                                                                const UpdateAuthorization& command) {
  ASSIGN_OR_RETURN(const Authorization authorization,
                   authorizations_.Find(call.deadline(), command.tenant, command.authorization));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, authorization.version));
  ASSIGN_OR_RETURN(const Authorization next, WithEnd(authorization, command.end_time, call.now()));
  const v1::Authorization reply = ToProto(next);
  const events::Event event = call.MakeEvent(next.partner_id, next.authorization_id, next.version,
                                             "AUTHORIZATION_UPDATED", EventOf(next), reply);
  RETURN_IF_ERROR(authorizations_.Update(call.deadline(), next, call.MakeChange({event}, reply)));
  return reply;
}

}  // namespace countersign::partner
