// The secret part of a link's address: `/c/<link uuid>.<43 characters>`, where the characters are the base64url of 256
// random bits. The id finds the row by its primary key; the secret is kept only as HMAC-SHA-256.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_TOKEN_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_TOKEN_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/base/uuid.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

inline constexpr absl::string_view kLinkPathPrefix = "/c/";
inline constexpr int kSecretBytes = 32;

struct LinkToken {
  Uuid link_id;
  std::string secret;  // kSecretBytes raw bytes. Never log it.
};

// "/c/<uuid>.<43 characters>".
std::string PathOf(const LinkToken& token);

// The token that a path carries, also where mail programs and people have changed what changes nothing: characters may
// be percent-encoded, the id may be in capitals, and punctuation may follow ("/c/….", "/c/…%3E", "/c/…。").
std::optional<LinkToken> ParsePath(absl::string_view path);

// The part of a secret that is kept: HMAC-SHA-256 over the link's id and the secret, under the ring's current key.
struct KeptSecret {
  std::string key_id;
  std::string hmac;
};
KeptSecret Keep(const KeyRing& keys, const LinkToken& token);

// True when `token` opens `link`. Without a link, or when its key is retired, it does the same work and returns false.
bool Opens(const KeyRing& keys, const LinkToken& token, const Link* link);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_TOKEN_H_
