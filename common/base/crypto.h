// The few cryptographic acts that the services need, on OpenSSL.
#ifndef COUNTERSIGN_COMMON_BASE_CRYPTO_H_
#define COUNTERSIGN_COMMON_BASE_CRYPTO_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign {

// `count` bytes of the operating system's generator. Aborts the process if it fails, as all of this file does where
// OpenSSL itself fails.
std::string RandomBytes(int count);

// SHA-256, 32 raw bytes.
std::string Sha256(absl::string_view data);

// HMAC-SHA-256, 32 raw bytes.
std::string HmacSha256(absl::string_view key, absl::string_view data);

// Compares in a time that depends on the lengths only.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

// Named 256-bit keys: new secrets use the current key, old ones are opened with the key they name, so keys rotate.
class KeyRing {
 public:
  // Parses lines "key_id:64 hexadecimal digits"; the first is the current key. Blank lines and lines that start with #
  // are skipped; an id is 1 to 32 letters, digits, - _ or dots. Error: INVALID_ARGUMENT naming the line (never the
  // key), or when there is no key at all. ReadFile also: NOT_FOUND when the file cannot be read.
  static absl::StatusOr<KeyRing> Parse(absl::string_view text);
  static absl::StatusOr<KeyRing> ReadFile(const std::string& path);

  const std::string& current_id() const { return current_id_; }
  // HMAC-SHA-256 under the named key. Error: NOT_FOUND for a retired key id.
  absl::StatusOr<std::string> Hmac(absl::string_view key_id, absl::string_view data) const;
  // HMAC-SHA-256 under the current key. Requires a parsed ring.
  std::string CurrentHmac(absl::string_view data) const;
  // Whether `mac` is the HMAC-SHA-256 of `data` under any key of the ring: for one that was made before a rotation and
  // does not name its key.
  bool AnyHmacIs(absl::string_view mac, absl::string_view data) const;

  // A ring of the same ids with other keys, derived from these (HKDF-SHA-256): nothing made for one use means anything
  // in another, and no key serves two algorithms.
  KeyRing ForUse(absl::string_view use) const;

  // AES-256-GCM under the current key; `context` is authenticated with it, so a sealed value cannot be moved to
  // another place. Requires a parsed ring. The result names its key: "key_id:" nonce tag ciphertext.
  std::string Seal(absl::string_view plaintext, absl::string_view context) const;
  // As Seal, but the same text in the same context always gives the same bytes: the nonce is an HMAC of both, under a
  // key of its own.
  std::string SealAlike(absl::string_view plaintext, absl::string_view context) const;
  // Errors: NOT_FOUND (retired key), INVALID_ARGUMENT (damaged, or sealed for another context).
  absl::StatusOr<std::string> Open(absl::string_view sealed, absl::string_view context) const;

 private:
  std::string SealWith(absl::string_view nonce, absl::string_view plaintext, absl::string_view context) const;

  std::string current_id_;
  std::map<std::string, std::string, std::less<>> keys_;
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_CRYPTO_H_
