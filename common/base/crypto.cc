#include "common/base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/hex.h"

namespace countersign {
namespace {

constexpr int kKeyBytes = 32;
constexpr int kNonceBytes = 12;
constexpr int kTagBytes = 16;
constexpr size_t kMaxKeyIdLength = 32;

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// A failing generator, digest or cipher (out of memory, a broken installation) leaves no safe way to go on.
void Require(bool done) {
  if (!done) std::abort();
}

const unsigned char* In(absl::string_view data) { return reinterpret_cast<const unsigned char*>(data.data()); }
unsigned char* Out(std::string* data) { return reinterpret_cast<unsigned char*>(data->data()); }
int Size(absl::string_view data) { return static_cast<int>(data.size()); }

absl::Status UnknownKey(absl::string_view key_id) {
  return NotFound("UNKNOWN_KEY", absl::StrCat("no key has the id ", absl::CHexEscape(key_id)));
}

absl::Status CannotOpen() {
  return Error(absl::StatusCode::kInvalidArgument, "CANNOT_OPEN", "the sealed value is damaged or from another place");
}

bool IsKeyId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxKeyIdLength && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

bool IsKey(absl::string_view hex) {
  return hex.size() == 2 * kKeyBytes &&
         std::all_of(hex.begin(), hex.end(), [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

// AES-256-GCM in one go. Encrypts into `output` and fills `tag`, or (decrypting) checks `tag`; false when it is wrong.
bool Crypt(bool encrypt, absl::string_view key, absl::string_view nonce, absl::string_view context,
           absl::string_view input, std::string* output, std::string* tag) {
  const CipherContext cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int length = 0;
  output->resize(input.size());
  tag->resize(kTagBytes);
  Require(cipher != nullptr);
  Require(EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, In(key), In(nonce), encrypt ? 1 : 0) == 1);
  if (!context.empty()) {
    Require(EVP_CipherUpdate(cipher.get(), nullptr, &length, In(context), Size(context)) == 1);
  }
  if (!input.empty()) Require(EVP_CipherUpdate(cipher.get(), Out(output), &length, In(input), Size(input)) == 1);
  if (!encrypt) Require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag->data()) == 1);
  unsigned char none[EVP_MAX_BLOCK_LENGTH];
  const bool authentic = EVP_CipherFinal_ex(cipher.get(), none, &length) == 1;
  if (encrypt) Require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag->data()) == 1);
  return authentic;
}

MacContext NewHmacSha256() {
  static EVP_MAC* const kHmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  MacContext context(EVP_MAC_CTX_new(kHmac), &EVP_MAC_CTX_free);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
  Require(context != nullptr && EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
  return context;
}

// HKDF-SHA-256 (RFC 5869) without salt.
std::string DerivedKey(absl::string_view key, absl::string_view use) {
  static EVP_KDF* const kHkdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kHkdf), &EVP_KDF_CTX_free);
  char digest[] = "SHA256";
  std::string secret(key), info(use), derived(kKeyBytes, '\0');
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                   OSSL_PARAM_construct_octet_string("key", secret.data(), secret.size()),
                                   OSSL_PARAM_construct_octet_string("info", info.data(), info.size()),
                                   OSSL_PARAM_construct_end()};
  Require(context != nullptr && EVP_KDF_derive(context.get(), Out(&derived), derived.size(), parameters) == 1);
  return derived;
}

}  // namespace

std::string RandomBytes(int count) {
  std::string bytes(count, '\0');
  Require(RAND_bytes(Out(&bytes), count) == 1);
  return bytes;
}

std::string Sha256(absl::string_view data) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  // Fetched once: SHA256() looks the algorithm up every time, which costs more than a short digest.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Require(EVP_Digest(In(data), data.size(), Out(&digest), nullptr, kSha256, nullptr) == 1);
  return digest;
}

std::string HmacSha256(absl::string_view key, absl::string_view data) {
  std::string mac(SHA256_DIGEST_LENGTH, '\0');
  // An empty view may hold a null pointer, which would mean "the key of before".
  const absl::string_view given = key.empty() ? absl::string_view("") : key;
  // One for each thread, with its digest looked up once.
  thread_local const MacContext context = NewHmacSha256();
  Require(EVP_MAC_init(context.get(), In(given), given.size(), nullptr) == 1);
  Require(EVP_MAC_update(context.get(), In(data), data.size()) == 1);
  Require(EVP_MAC_final(context.get(), Out(&mac), nullptr, mac.size()) == 1);
  return mac;
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<KeyRing> KeyRing::Parse(absl::string_view text) {
  KeyRing ring;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (!IsKeyId(parts.first) || !IsKey(parts.second) ||
        !ring.keys_.emplace(parts.first, HexToBytes(parts.second)).second) {
      return Error(
          absl::StatusCode::kInvalidArgument, "INVALID_KEY_RING",
          absl::StrCat("line ", number, " must be a new key id of 1 to 32 characters (letters, digits, - _ .), ",
                       "a colon and 64 hexadecimal digits"));
    }
    if (ring.current_id_.empty()) ring.current_id_ = std::string(parts.first);
  }
  if (ring.keys_.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_KEY_RING", "there must be at least one key");
  }
  return ring;
}

absl::StatusOr<KeyRing> KeyRing::ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return NotFound("KEY_FILE_UNREADABLE", absl::StrCat("cannot read the key file ", path));
  absl::StatusOr<KeyRing> ring = Parse(text);
  if (ring.ok()) return ring;
  return Error(ring.status().code(), "INVALID_KEY_RING",
               absl::StrCat("The key file ", path, ": ", ring.status().message()));
}

absl::StatusOr<std::string> KeyRing::Hmac(absl::string_view key_id, absl::string_view data) const {
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) return UnknownKey(key_id);
  return HmacSha256(key->second, data);
}

std::string KeyRing::CurrentHmac(absl::string_view data) const {
  const auto key = keys_.find(current_id_);
  Require(key != keys_.end());
  return HmacSha256(key->second, data);
}

bool KeyRing::AnyHmacIs(absl::string_view mac, absl::string_view data) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const auto& key) { return ConstantTimeEquals(HmacSha256(key.second, data), mac); });
}

KeyRing KeyRing::ForUse(absl::string_view use) const {
  KeyRing ring;
  ring.current_id_ = current_id_;
  for (const auto& [id, key] : keys_) ring.keys_.emplace(id, DerivedKey(key, use));
  return ring;
}

std::string KeyRing::Seal(absl::string_view plaintext, absl::string_view context) const {
  return SealWith(RandomBytes(kNonceBytes), plaintext, context);
}

std::string KeyRing::SealAlike(absl::string_view plaintext, absl::string_view context) const {
  const auto key = keys_.find(current_id_);
  Require(key != keys_.end());
  const std::string text = absl::StrCat(context.size(), ":", context, plaintext);
  return SealWith(HmacSha256(DerivedKey(key->second, "nonce"), text).substr(0, kNonceBytes), plaintext, context);
}

std::string KeyRing::SealWith(absl::string_view nonce, absl::string_view plaintext, absl::string_view context) const {
  const auto key = keys_.find(current_id_);
  Require(key != keys_.end());
  std::string ciphertext, tag;
  Require(Crypt(true, key->second, nonce, context, plaintext, &ciphertext, &tag));
  return absl::StrCat(current_id_, ":", nonce, tag, ciphertext);
}

absl::StatusOr<std::string> KeyRing::Open(absl::string_view sealed, absl::string_view context) const {
  const size_t colon = sealed.find(':');
  if (colon == absl::string_view::npos || sealed.size() < colon + 1 + kNonceBytes + kTagBytes) return CannotOpen();
  const absl::string_view key_id = sealed.substr(0, colon);
  if (!IsKeyId(key_id)) return CannotOpen();
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) return UnknownKey(key_id);
  const absl::string_view nonce = sealed.substr(colon + 1, kNonceBytes);
  std::string tag(sealed.substr(colon + 1 + kNonceBytes, kTagBytes));
  std::string plaintext;
  if (!Crypt(false, key->second, nonce, context, sealed.substr(colon + 1 + kNonceBytes + kTagBytes), &plaintext,
             &tag)) {
    return CannotOpen();
  }
  return plaintext;
}

}  // namespace countersign
