#include "partner-service/src/api/authorization_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/authorization_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Authorization> AuthorizationService::Create(const rpc::Call& call,
                                                               const CreateAuthorizationCommand& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(CheckNotOut(partner, "authorized to sell"));
  const Authorization authorization{.partner_id = command.tenant,
                                    .authorization_id = call.DerivedId("authorization"),
                                    .product = command.product,
                                    .start_time = command.start_time.value_or(call.now()),
                                    .create_time = call.now(),
                                    .end_time = command.end_time,
                                    .update_time = call.now()};
  RETURN_IF_ERROR(CheckNewAuthorization(authorization, call.now()));
  if (call.validate_only()) return ToProto(authorization);
  return Save(call, authorization, "AUTHORIZATION_CREATED");
}

absl::StatusOr<v1::Authorization> AuthorizationService::Get(const rpc::Call& call,
                                                            const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Authorization authorization, authorizations_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(authorization);
}

absl::StatusOr<v1::ListAuthorizationsResponse> AuthorizationService::List(const rpc::Call& call,
                                                                          const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Authorization> page,
                   authorizations_.List(call.deadline(), command.parent, command.list.page));
  v1::ListAuthorizationsResponse reply;
  for (const Authorization& authorization : page.items) *reply.add_authorizations() = ToProto(authorization);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Authorization> AuthorizationService::Update(const rpc::Call& call,
                                                               const UpdateAuthorizationCommand& command) {
  ASSIGN_OR_RETURN(const Authorization authorization, authorizations_.Get(call.deadline(), command.tenant, command.id));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, authorization.version));
  ASSIGN_OR_RETURN(const Authorization next, WithEnd(authorization, command.end_time, call.now()));
  return Save(call, next, "AUTHORIZATION_UPDATED");
}

absl::StatusOr<v1::Authorization> AuthorizationService::Save(const rpc::Call& call, const Authorization& authorization,
                                                             absl::string_view event_type) {
  const v1::Authorization reply = ToProto(authorization);
  const events::Event event = call.MakeEvent({.aggregate = authorization.authorization_id,
                                              .version = authorization.version,
                                              .type = event_type,
                                              .payload = EventOf(authorization),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = {AuthorizationStore::Row(authorization)}, .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::partner
