#include "partner-service/src/api/api_key_requests.h"

#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

// What is not set has not come yet: later than any time; a key that was never used, earlier than any.
std::vector<mysql::FilterField> ApiKeyFilterFields() {
  using enum mysql::FilterType;
  return {{"display_name", "display_name"},
          {"expire_time", "COALESCE(expire_time, TIMESTAMP'9999-12-31 23:59:59')", kTime},
          {"revoke_time", "COALESCE(revoke_time, TIMESTAMP'9999-12-31 23:59:59')", kTime},
          {"last_use_time", "COALESCE(last_use_time, TIMESTAMP'1000-01-01 00:00:00')", kTime},
          {"create_time", "create_time", kTime}};
}

}  // namespace

absl::StatusOr<CreateApiKey> ParseCreateApiKey(const rpc::Call& call, const v1::CreateApiKeyRequest& request) {
  FieldViolations violations;
  const v1::ApiKey& key = request.api_key();
  CreateApiKey command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.display_name = rpc::RequireText(violations, "api_key.display_name", key.display_name(), 1, 200);
  if (key.has_expire_time()) {
    command.expire_time = rpc::RequireTime(violations, "api_key.expire_time", true, key.expire_time());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<FindApiKey> ParseGetApiKey(const rpc::Call& call, const v1::GetApiKeyRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kApiKeyName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return FindApiKey{.partner = ids[0], .api_key = ids[1]};
}

absl::StatusOr<ListUnderPartner> ParseListApiKeys(const rpc::Call& call, const v1::ListApiKeysRequest& request) {
  return ParseListUnderPartner(call, request, ApiKeyFilterFields());
}

absl::StatusOr<RevokeApiKey> ParseRevokeApiKey(const rpc::Call& call, const v1::RevokeApiKeyRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kApiKeyName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return RevokeApiKey{.tenant = ids[0], .api_key = ids[1], .etag = request.etag()};
}

absl::StatusOr<VerifyApiKey> ParseVerifyApiKey(const rpc::Call& /*call*/, const v1::VerifyApiKeyRequest& request) {
  return VerifyApiKey{.api_key = request.api_key()};
}

}  // namespace countersign::partner
