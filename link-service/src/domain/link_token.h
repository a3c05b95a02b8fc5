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

// A receipt shows more than its link: invoices and what the customer entered. Its secret is derived from the form on
// which the order was confirmed, so that the browser that pressed finds it, however often it presses, and the holder of
// the link does not. Mails carry others of the same form; that to the billing contact one of its own, so that whoever
// opens it proves to read that mail.
inline constexpr absl::string_view kReceiptPathPrefix = "/r/";
enum class ReceiptFor { kBrowser, kMail, kContact };

// The current key's receipt of a form.
LinkToken ReceiptOf(const KeyRing& keys, ReceiptFor reader, const Uuid& link_id, const Uuid& form_id);

// "/r/<uuid>.<43 characters>".
std::string ReceiptPathOf(const LinkToken& token);
std::optional<LinkToken> ParseReceiptPath(absl::string_view path);

// Whether `token` is the receipt of `form_id`, for any reader or for one, under any key of the ring.
bool OpensReceipt(const KeyRing& keys, const LinkToken& token, const Uuid& form_id);
bool IsReceiptFor(ReceiptFor reader, const KeyRing& keys, const LinkToken& token, const Uuid& form_id);

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
