// How an API key is written: "cs_{owner, 32 hexadecimal digits}_{key id, 16}_{secret, 43 characters of base64url}". Who
// only looks at a key's shape needs to ask nobody about one that cannot be good.
#ifndef COUNTERSIGN_COMMON_BASE_API_KEY_TEXT_H_
#define COUNTERSIGN_COMMON_BASE_API_KEY_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace countersign {

inline constexpr absl::string_view kApiKeyScheme = "cs_";
inline constexpr size_t kApiKeyOwnerBytes = 16;
inline constexpr size_t kApiKeyIdBytes = 8;

// The parts of a key. Nothing of it is proven.
struct ApiKeyText {
  std::string owner;   // 16 bytes.
  std::string key_id;  // 8 bytes.
  std::string secret;  // As it is written: base64url of 32 bytes without padding.
};

// nullopt for anything that is not written exactly so, with lower-case hexadecimal digits.
std::optional<ApiKeyText> ParseApiKeyText(absl::string_view text);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_API_KEY_TEXT_H_
