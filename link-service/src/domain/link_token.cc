#include "link-service/src/domain/link_token.h"

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace countersign::link {
namespace {

constexpr size_t kUuidChars = 36;
constexpr size_t kSecretChars = 43;  // 256 bits, 6 a character, without padding.

// Bound to the link, so that a row's HMAC is useless in another row.
std::string SignedPart(const LinkToken& token) { return absl::StrCat(token.link_id.bytes(), token.secret); }

}  // namespace

std::string PathOf(const LinkToken& token) {
  return absl::StrCat(kLinkPathPrefix, token.link_id.ToString(), ".", absl::WebSafeBase64Escape(token.secret));
}

std::optional<LinkToken> ParsePath(absl::string_view path) {
  absl::string_view rest = path;
  if (!absl::ConsumePrefix(&rest, kLinkPathPrefix)) return std::nullopt;
  if (rest.size() != kUuidChars + 1 + kSecretChars || rest[kUuidChars] != '.') return std::nullopt;
  const absl::StatusOr<Uuid> link_id = Uuid::Parse(rest.substr(0, kUuidChars));
  LinkToken token;
  if (!link_id.ok() || !absl::WebSafeBase64Unescape(rest.substr(kUuidChars + 1), &token.secret)) return std::nullopt;
  token.link_id = *link_id;
  // Base64 can spell the same bytes in several ways (the last character has spare bits); only one of them is ours.
  if (token.secret.size() != kSecretBytes || PathOf(token) != path) return std::nullopt;
  return token;
}

KeptSecret Keep(const KeyRing& keys, const LinkToken& token) {
  return {keys.current_id(), keys.Hmac(keys.current_id(), SignedPart(token)).value_or("")};
}

bool Opens(const KeyRing& keys, const LinkToken& token, const Link* link) {
  static constexpr char kNobodys[32] = {};
  const std::string key_id = link != nullptr ? link->key_id : keys.current_id();
  absl::StatusOr<std::string> hmac = keys.Hmac(key_id, SignedPart(token));
  const bool key_known = hmac.ok();
  if (!key_known) hmac = keys.Hmac(keys.current_id(), SignedPart(token));
  const absl::string_view kept =
      link != nullptr ? absl::string_view(link->secret_hmac) : absl::string_view(kNobodys, sizeof(kNobodys));
  const bool equal = hmac.ok() && ConstantTimeEquals(*hmac, kept);
  return equal && key_known && link != nullptr;
}

}  // namespace countersign::link
