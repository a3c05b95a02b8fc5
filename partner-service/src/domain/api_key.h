// The keys of a partner's programs: their text, and when they are live.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_API_KEY_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_API_KEY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::partner {

// Two, so that a new key can be put in place before the old one goes.
inline constexpr int kMaxLiveApiKeys = 2;
inline constexpr int kApiKeySecretBytes = 32;
inline constexpr absl::Duration kLastUseResolution = absl::Minutes(1);

struct ApiKey {
  Uuid partner_id;
  Uuid api_key_id;
  std::string secret_sha256;  // 32 bytes; all that is kept of the secret.
  std::string display_name;
  std::optional<absl::Time> expire_time{};  // None: never.
  absl::Time create_time;
  std::optional<absl::Time> last_use_time{};
  std::optional<absl::Time> revoke_time{};
  int64_t version = 1;  // Grows by one with every change; a use is not a change.
  absl::Time update_time;
};

// The 8 bytes that name the key within its partner, in the key itself: the beginning of api_key_id.
std::string KeyIdOf(const ApiKey& key);

// "cs_{partner, 32 hexadecimal digits}_{key id, 16}": the part that may be shown.
std::string PrefixOf(const ApiKey& key);

// The whole key: the prefix and its secret, base64url of 32 bytes (43 characters).
std::string FormatApiKey(const ApiKey& key, absl::string_view secret);

// The parts of a presented key. Nothing of it is proven yet.
struct PresentedApiKey {
  Uuid partner_id;
  std::string key_id;  // 8 bytes.
  std::string secret;  // The text, as FormatApiKey took it.
};
// nullopt for anything that is not written exactly as FormatApiKey writes.
std::optional<PresentedApiKey> ParseApiKey(absl::string_view text);

// SHA-256 of the secret's text.
std::string HashOfSecret(absl::string_view secret);

// Whether the secret belongs to the key, in a time that does not depend on it. `key` may be absent (there is no such
// key): the answer is no and takes as long.
bool SecretMatches(const std::optional<ApiKey>& key, absl::string_view secret);

// Neither revoked nor expired.
bool IsLive(const ApiKey& key, absl::Time now);

// Whether to record a use: the last recorded one is at least kLastUseResolution old.
bool ShouldRecordUse(const ApiKey& key, absl::Time now);

// OK while one more may be made. Error: FAILED_PRECONDITION API_KEY_LIMIT.
absl::Status CheckApiKeyLimit(int live);

// The key after it was revoked, for good: its next version. Error: FAILED_PRECONDITION API_KEY_REVOKED when it is
// already.
absl::StatusOr<ApiKey> Revoke(const ApiKey& key, absl::Time now);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_API_KEY_H_
