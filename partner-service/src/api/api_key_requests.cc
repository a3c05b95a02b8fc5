#include "partner-service/src/api/api_key_requests.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

absl::StatusOr<CreateApiKeyCommand> ParseCreateApiKey(const rpc::Call& call, const v1::CreateApiKeyRequest& request) {
  FieldViolations violations;
  const v1::ApiKey& key = request.api_key();
  CreateApiKeyCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.display_name = rpc::RequireText(violations, "api_key.display_name", key.display_name(), 1, kMaxTitleChars);
  if (key.has_expire_time()) {
    command.expire_time = rpc::RequireTime(violations, "api_key.expire_time", true, key.expire_time());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<VerifyApiKeyCommand> ParseVerifyApiKey(const rpc::Call& /*call*/,
                                                      const v1::VerifyApiKeyRequest& request) {
  return VerifyApiKeyCommand{.api_key = request.api_key()};
}

}  // namespace countersign::partner
