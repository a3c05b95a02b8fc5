#include "link-service/src/domain/link_token.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/hex.h"

namespace countersign::link {
namespace {

constexpr size_t kUuidChars = 36;
constexpr size_t kSecretChars = 43;    // 256 bits, 6 a character, without padding.
constexpr size_t kMaxPathBytes = 300;  // Each character of a path percent-encoded, and then some.

// Bound to the link, so that a row's HMAC is useless in another row.
std::string SignedPart(const LinkToken& token) { return absl::StrCat(token.link_id.bytes(), token.secret); }

// Undoes percent-encoding; false where a '%' is not followed by two hexadecimal digits.
bool PercentDecode(absl::string_view text, std::string& decoded) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) || !absl::ascii_isxdigit(text[i + 2])) return false;
    decoded += HexToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return true;
}

// A byte of what follows a link in a sentence and is easily copied with it; of other alphabets any.
bool IsPunctuation(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || absl::StrContains(".,;:!?'\")>]}*|\\ \t\r\n", c);
}

// The HMAC's input for the secret of a receipt.
std::string ReceiptPart(ReceiptFor reader, const Uuid& link_id, const Uuid& form_id) {
  absl::string_view label = "receipt";
  if (reader == ReceiptFor::kMail) label = "mailed receipt";
  if (reader == ReceiptFor::kContact) label = "the contact's receipt";
  return absl::StrCat(label, link_id.bytes(), form_id.bytes());
}

std::string PathBelow(absl::string_view prefix, const LinkToken& token) {
  return absl::StrCat(prefix, token.link_id.ToString(), ".", absl::WebSafeBase64Escape(token.secret));
}

std::optional<LinkToken> ParseBelow(absl::string_view prefix, absl::string_view path) {
  std::string decoded;
  if (path.size() > kMaxPathBytes || !PercentDecode(path, decoded)) return std::nullopt;
  absl::string_view rest = decoded;
  if (!absl::ConsumePrefix(&rest, prefix)) return std::nullopt;
  if (rest.size() < kUuidChars + 1 + kSecretChars || rest[kUuidChars] != '.') return std::nullopt;
  const absl::StatusOr<Uuid> link_id = Uuid::Parse(absl::AsciiStrToLower(rest.substr(0, kUuidChars)));
  const absl::string_view secret = rest.substr(kUuidChars + 1, kSecretChars);
  const absl::string_view appendix = rest.substr(kUuidChars + 1 + kSecretChars);
  LinkToken token;
  if (!link_id.ok() || !absl::WebSafeBase64Unescape(secret, &token.secret)) return std::nullopt;
  token.link_id = *link_id;
  if (!std::all_of(appendix.begin(), appendix.end(), IsPunctuation)) return std::nullopt;
  // Base64 has several spellings of the same bytes (the last character's spare bits); only one is ours.
  if (token.secret.size() != kSecretBytes || absl::WebSafeBase64Escape(token.secret) != secret) return std::nullopt;
  return token;
}

}  // namespace

std::string PathOf(const LinkToken& token) { return PathBelow(kLinkPathPrefix, token); }
std::optional<LinkToken> ParsePath(absl::string_view path) { return ParseBelow(kLinkPathPrefix, path); }

std::string ReceiptPathOf(const LinkToken& token) { return PathBelow(kReceiptPathPrefix, token); }
std::optional<LinkToken> ParseReceiptPath(absl::string_view path) { return ParseBelow(kReceiptPathPrefix, path); }

LinkToken ReceiptOf(const KeyRing& keys, ReceiptFor reader, const Uuid& link_id, const Uuid& form_id) {
  return {.link_id = link_id, .secret = keys.CurrentHmac(ReceiptPart(reader, link_id, form_id))};
}

bool IsReceiptFor(ReceiptFor reader, const KeyRing& keys, const LinkToken& token, const Uuid& form_id) {
  return keys.AnyHmacIs(token.secret, ReceiptPart(reader, token.link_id, form_id));
}

bool OpensReceipt(const KeyRing& keys, const LinkToken& token, const Uuid& form_id) {
  return IsReceiptFor(ReceiptFor::kBrowser, keys, token, form_id) ||
         IsReceiptFor(ReceiptFor::kMail, keys, token, form_id) ||
         IsReceiptFor(ReceiptFor::kContact, keys, token, form_id);
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
