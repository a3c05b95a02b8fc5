#include "partner-service/src/domain/api_key.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/api_key_text.h"
#include "common/base/crypto.h"
#include "common/base/error.h"

namespace countersign::partner {

std::string KeyIdOf(const ApiKey& key) { return std::string(key.api_key_id.bytes().substr(0, kApiKeyIdBytes)); }

std::string PrefixOf(const ApiKey& key) {
  return absl::StrCat(kApiKeyScheme, absl::BytesToHexString(key.partner_id.bytes()), "_",
                      absl::BytesToHexString(KeyIdOf(key)));
}

std::string FormatApiKey(const ApiKey& key, absl::string_view secret) {
  return absl::StrCat(PrefixOf(key), "_", secret);
}

std::optional<PresentedApiKey> ParseApiKey(absl::string_view text) {
  std::optional<ApiKeyText> parts = ParseApiKeyText(text);
  if (!parts.has_value()) return std::nullopt;
  return PresentedApiKey{.partner_id = Uuid::FromBytes(parts->owner).value_or(Uuid()),
                         .key_id = std::move(parts->key_id),
                         .secret = std::move(parts->secret)};
}

std::string HashOfSecret(absl::string_view secret) { return Sha256(secret); }

bool SecretMatches(const std::optional<ApiKey>& key, absl::string_view secret) {
  static const std::string* const nothing = new std::string(Sha256("").size(), '\0');  // No text's hash.
  const std::string& expected = key.has_value() ? key->secret_sha256 : *nothing;
  return ConstantTimeEquals(HashOfSecret(secret), expected) && key.has_value();
}

bool IsLive(const ApiKey& key, absl::Time now) {
  return !key.revoke_time.has_value() && (!key.expire_time.has_value() || now < *key.expire_time);
}

bool ShouldRecordUse(const ApiKey& key, absl::Time now) {
  return !key.last_use_time.has_value() || now - *key.last_use_time >= kLastUseResolution;
}

absl::Status CheckApiKeyLimit(int live) {
  if (live < kMaxLiveApiKeys) return absl::OkStatus();
  return FailedPrecondition("API_KEY_LIMIT",
                            absl::StrCat("The partner already has ", live, " live API keys. Revoke one first."),
                            {{"live", absl::StrCat(live)}});
}

absl::StatusOr<ApiKey> Revoke(const ApiKey& key, absl::Time now) {
  if (key.revoke_time.has_value()) return FailedPrecondition("API_KEY_REVOKED", "The API key is already revoked.");
  ApiKey next = key;
  next.revoke_time = next.update_time = now;
  next.version = key.version + 1;
  return next;
}

}  // namespace countersign::partner
