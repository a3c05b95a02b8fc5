#include "partner-service/src/api/api_key_handlers.h"

#include <string>

#include "absl/strings/escaping.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::ApiKey> ApiKeyHandlers::Create(const rpc::Call& call, const CreateApiKey& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.tenant));
  RETURN_IF_ERROR(CheckNotOut(partner, "given an API key"));
  if (command.expire_time.has_value() && *command.expire_time <= call.now()) {
    return InvalidField("api_key.expire_time", "must be in the future");
  }
  const std::string secret = absl::WebSafeBase64Escape(RandomBytes(kApiKeySecretBytes));
  const ApiKey key{.partner_id = command.tenant,
                   .api_key_id = call.DerivedId("api_key"),
                   .secret_sha256 = HashOfSecret(secret),
                   .display_name = command.display_name,
                   .expire_time = command.expire_time,
                   .create_time = call.now(),
                   .update_time = call.now()};
  v1::ApiKey reply = ToProto(key, call.now());
  if (call.validate_only()) {
    ASSIGN_OR_RETURN(const int live, keys_.CountLive(call.deadline(), command.tenant, call.now()));
    RETURN_IF_ERROR(CheckApiKeyLimit(live));
    return reply;
  }
  const events::Event event =
      call.MakeEvent(key.partner_id, key.api_key_id, key.version, "API_KEY_CREATED", EventOf(key), reply);
  reply.set_key(FormatApiKey(key, secret));
  RETURN_IF_ERROR(keys_.Insert(call.deadline(), key, call.MakeChange({event}, reply, /*sealed=*/true)));
  return reply;
}

absl::StatusOr<v1::ApiKey> ApiKeyHandlers::Get(const rpc::Call& call, const FindApiKey& command) const {
  ASSIGN_OR_RETURN(const ApiKey key, keys_.Find(call.deadline(), command.partner, command.api_key));
  return ToProto(key, call.now());
}

absl::StatusOr<v1::ListApiKeysResponse> ApiKeyHandlers::List(const rpc::Call& call,
                                                             const ListUnderPartner& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<ApiKey> page, keys_.List(call.deadline(), command.partner, command.list.page));
  v1::ListApiKeysResponse reply;
  for (const ApiKey& key : page.items) *reply.add_api_keys() = ToProto(key, call.now());
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ApiKey> ApiKeyHandlers::Revoke(const rpc::Call& call, const RevokeApiKey& command) {
  ASSIGN_OR_RETURN(const ApiKey key, keys_.Find(call.deadline(), command.tenant, command.api_key));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, key.version));
  ASSIGN_OR_RETURN(const ApiKey next, partner::Revoke(key, call.now()));
  const v1::ApiKey reply = ToProto(next, call.now());
  const events::Event event =
      call.MakeEvent(next.partner_id, next.api_key_id, next.version, "API_KEY_REVOKED", EventOf(next), reply);
  RETURN_IF_ERROR(keys_.Update(call.deadline(), next, call.MakeChange({event}, reply)));
  return reply;
}

absl::StatusOr<v1::VerifyApiKeyResponse> ApiKeyHandlers::Verify(const rpc::Call& call,
                                                                const VerifyApiKey& command) const {
  ASSIGN_OR_RETURN(const ApiKeyVerifier::Verified verified,
                   verifier_.Verify(command.api_key, call.now(), call.deadline()));
  v1::VerifyApiKeyResponse reply;
  reply.set_name(NameOf(verified.key));
  reply.set_partner(rpc::FormatName(kPartnerName, {verified.partner.partner_id}));
  reply.set_partner_state(ToProto(verified.partner.state));
  if (verified.key.expire_time.has_value()) *reply.mutable_expire_time() = rpc::ToProto(*verified.key.expire_time);
  return reply;
}

}  // namespace countersign::partner
