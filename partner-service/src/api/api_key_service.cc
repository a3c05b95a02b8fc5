#include "partner-service/src/api/api_key_service.h"

#include <string>

#include "absl/strings/escaping.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/api_key_messages.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::ApiKey> ApiKeyService::Create(const rpc::Call& call, const CreateApiKeyCommand& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), command.tenant));
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
    RETURN_IF_ERROR(keys_.CheckLimit(call.deadline(), command.tenant, call.now()));
    return reply;
  }
  const events::Event event = call.MakeEvent({.aggregate = key.api_key_id,
                                              .version = key.version,
                                              .type = "API_KEY_CREATED",
                                              .payload = EventOf(key),
                                              .resource = reply});
  reply.set_key(FormatApiKey(key, secret));
  // Keys have versions of their own, so it takes a lock on their partner to count them.
  const auto insert = [&](mysql::Connection& connection) { return ApiKeyStore::InsertWithinLimit(connection, key); };
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.events = {event}, .reply = reply, .sealed = true, .also = insert})));
  return reply;
}

absl::StatusOr<v1::ApiKey> ApiKeyService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const ApiKey key, keys_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(key, call.now());
}

absl::StatusOr<v1::ListApiKeysResponse> ApiKeyService::List(const rpc::Call& call,
                                                            const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<ApiKey> page, keys_.List(call.deadline(), command.parent, command.list.page));
  v1::ListApiKeysResponse reply;
  for (const ApiKey& key : page.items) *reply.add_api_keys() = ToProto(key, call.now());
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ApiKey> ApiKeyService::Revoke(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const ApiKey key, keys_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, key.version));
  ASSIGN_OR_RETURN(const ApiKey next, partner::Revoke(key, call.now()));
  const v1::ApiKey reply = ToProto(next, call.now());
  const events::Event event = call.MakeEvent({.aggregate = next.api_key_id,
                                              .version = next.version,
                                              .type = "API_KEY_REVOKED",
                                              .payload = EventOf(next),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {ApiKeyStore::Row(next)}, .events = {event}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::VerifyApiKeyResponse> ApiKeyService::Verify(const rpc::Call& call,
                                                               const VerifyApiKeyCommand& command) const {
  ASSIGN_OR_RETURN(const ApiKeyVerifier::Verified verified,
                   verifier_.Verify(call.deadline(), command.api_key, call.now()));
  v1::VerifyApiKeyResponse reply;
  reply.set_name(NameOf(verified.key));
  reply.set_partner(rpc::FormatName(kPartnerName, {verified.partner.partner_id}));
  reply.set_partner_state(ToProto(verified.partner.state));
  if (verified.key.expire_time.has_value()) *reply.mutable_expire_time() = rpc::ToProto(*verified.key.expire_time);
  return reply;
}

}  // namespace countersign::partner
