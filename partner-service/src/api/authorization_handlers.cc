#include "partner-service/src/api/authorization_handlers.h"

#include "common/base/status_macros.h"
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
  const mysql::Event event =
      call.MakeEvent(authorization.partner_id, authorization.authorization_id, authorization.version,
                     "AUTHORIZATION_CREATED", EventOf(authorization), reply);
  RETURN_IF_ERROR(authorizations_.Insert(call.deadline(), authorization, call.MakeChange({event}, reply)));
  return reply;
}

}  // namespace countersign::partner
