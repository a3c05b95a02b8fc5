#include "common/base/api_key_text.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "common/base/hex.h"

namespace countersign {
namespace {

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

bool IsSecret(absl::string_view text) {
  return text.size() == kSecretChars &&
         absl::c_all_of(text, [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; });
}

}  // namespace

std::optional<ApiKeyText> ParseApiKeyText(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kApiKeyScheme)) return std::nullopt;
  std::optional<std::string> owner = TakeHex(text, kApiKeyOwnerBytes);
  if (!owner.has_value()) return std::nullopt;
  std::optional<std::string> key_id = TakeHex(text, kApiKeyIdBytes);
  if (!key_id.has_value() || !IsSecret(text)) return std::nullopt;
  return ApiKeyText{.owner = *std::move(owner), .key_id = *std::move(key_id), .secret = std::string(text)};
}

}  // namespace countersign
