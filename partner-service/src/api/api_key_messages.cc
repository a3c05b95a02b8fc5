#include "partner-service/src/api/api_key_messages.h"

#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

std::string NameOf(const ApiKey& key) { return rpc::FormatName(kApiKeyName, {key.partner_id, key.api_key_id}); }

v1::ApiKey ToProto(const ApiKey& key, absl::Time now) {
  v1::ApiKey message;
  message.set_name(NameOf(key));
  message.set_display_name(key.display_name);
  message.set_prefix(PrefixOf(key));
  if (key.expire_time.has_value()) *message.mutable_expire_time() = rpc::ToProto(*key.expire_time);
  if (key.revoke_time.has_value()) *message.mutable_revoke_time() = rpc::ToProto(*key.revoke_time);
  if (key.last_use_time.has_value()) *message.mutable_last_use_time() = rpc::ToProto(*key.last_use_time);
  message.set_live(IsLive(key, now));
  message.set_etag(rpc::EtagOf(key.version));
  *message.mutable_create_time() = rpc::ToProto(key.create_time);
  *message.mutable_update_time() = rpc::ToProto(key.update_time);
  return message;
}

v1::ApiKeyEvent EventOf(const ApiKey& key) {
  v1::ApiKeyEvent event;
  event.set_api_key(NameOf(key));
  event.set_version(key.version);
  event.set_revoked(key.revoke_time.has_value());
  return event;
}

}  // namespace countersign::partner
