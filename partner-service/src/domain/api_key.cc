#include "partner-service/src/domain/api_key.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/hex.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kScheme = "cs_";
constexpr size_t kKeyIdBytes = 8;
constexpr size_t kSecretChars = 43;  // base64url of 32 bytes, without padding.

// Takes `bytes` bytes in lower-case hexadecimal digits and the '_' after them; nullopt when they are not there.
std::optional<std::string> TakeHex(absl::string_view& text, size_t bytes) {
  const size_t digits = 2 * bytes;
  if (text.size() <= digits || text[digits] != '_') return std::nullopt;
  const absl::string_view hex = text.substr(0, digits);
  const bool lower =
      absl::c_all_of(hex, [](unsigned char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
  if (!lower) return std::nullopt;
  text.remove_prefix(digits + 1);
  return HexToBytes(hex);
}

}  // namespace

std::string KeyIdOf(const ApiKey& key) { return std::string(key.api_key_id.bytes().substr(0, kKeyIdBytes)); }

std::string PrefixOf(const ApiKey& key) {
  return absl::StrCat(kScheme, absl::BytesToHexString(key.partner_id.bytes()), "_",
                      absl::BytesToHexString(KeyIdOf(key)));
}

std::string FormatApiKey(const ApiKey& key, absl::string_view secret) {
  return absl::StrCat(PrefixOf(key), "_", secret);
}

std::optional<PresentedApiKey> ParseApiKey(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kScheme)) return std::nullopt;
  const std::optional<std::string> partner = TakeHex(text, Uuid::kBytes);
  if (!partner.has_value()) return std::nullopt;
  const std::optional<std::string> key_id = TakeHex(text, kKeyIdBytes);
  if (!key_id.has_value() || text.size() != kSecretChars) return std::nullopt;
  return PresentedApiKey{
      .partner_id = Uuid::FromBytes(*partner).value_or(Uuid()), .key_id = *key_id, .secret = std::string(text)};
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
                            absl::StrCat("The partner has ", live, " live API keys already: revoke one first."),
                            {{"live", absl::StrCat(live)}});
}

absl::StatusOr<ApiKey> Revoke(const ApiKey& key, absl::Time now) {
  if (key.revoke_time.has_value()) return FailedPrecondition("API_KEY_REVOKED", "The API key is revoked already.");
  ApiKey next = key;
  next.revoke_time = next.update_time = now;
  next.version = key.version + 1;
  return next;
}

}  // namespace countersign::partner
