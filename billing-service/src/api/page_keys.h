// The keys that authenticate page tokens.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAGE_KEYS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAGE_KEYS_H_

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"

namespace countersign::billing {

// `configured` (--reply_key_file), so that every replica takes every replica's tokens; without one a random key, which
// is enough for a single replica: a list that is being paged through when it restarts begins again.
inline KeyRing PageKeys(const KeyRing* configured) {
  if (configured != nullptr) return *configured;
  return *KeyRing::Parse(absl::StrCat("process:", absl::BytesToHexString(RandomBytes(32))));
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAGE_KEYS_H_
