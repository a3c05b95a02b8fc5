// Whose an API key is: asked of who knows, remembered for a moment, and not asked for everything that anybody makes up.
#ifndef COUNTERSIGN_COMMON_RPC_API_KEY_H_
#define COUNTERSIGN_COMMON_RPC_API_KEY_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/quota.h"

namespace countersign::rpc {

struct VerifiedKey {
  Uuid partner;
  bool suspended = false;  // Its partner is: the key has a suspended partner's rights.
  std::string name = {};   // The key's own, "partners/{uuid}/apiKeys/{uuid}"; empty when who verified it does not say.
};

// Verifies a key that a caller presented, before the real time `deadline`. Error: NOT_FOUND for every key that is no
// good (unknown, wrong, revoked, expired); any other error means that it could not be found out, and nobody is let in.
using KeyVerifier = std::function<absl::StatusOr<VerifiedKey>(absl::string_view key, absl::Time deadline)>;

struct KeyCacheOptions {
  // How long a yes is good, from the moment of asking. A revoked key must be dead within 5 s. Zero: each call asks.
  std::chrono::steady_clock::duration ttl = std::chrono::seconds(3);
  std::chrono::steady_clock::duration bad_ttl = std::chrono::seconds(3);  // A no: such a key never becomes good.
  size_t max_keys = 10'000;                                               // Good ones; as many others beside them.
  // How many keys that turn out to be no good one address may have looked up.
  Quota wrong_keys = {.calls_per_second = 20, .burst = 100};
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// Remembers what `verify` answers. Keys themselves are not kept, only their SHA-256. Those who ask for the same key at
// the same time cause one question. Thread-safe.
class KeyCache {
 public:
  explicit KeyCache(KeyVerifier verify, KeyCacheOptions options = {});

  // `address` is the caller's, as the limit counts it: one that had too many wrong keys looked up is refused others,
  // except keys that were good when they were last looked up. Errors: NOT_FOUND API_KEY_INVALID, UNAVAILABLE
  // KEY_NOT_VERIFIED when it could not be found out, also before `deadline`; RESOURCE_EXHAUSTED QUOTA_EXCEEDED.
  absl::StatusOr<VerifiedKey> Verify(absl::string_view key, absl::string_view address, absl::Time deadline);

 private:
  struct Question {
    std::chrono::steady_clock::time_point asked;
    bool answered = false;
    absl::StatusOr<VerifiedKey> answer = absl::UnknownError("not answered");
  };
  using Questions = absl::flat_hash_map<std::string, std::shared_ptr<Question>>;  // By the key's SHA-256.

  bool IsFresh(const Question& question) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A fresh question about the key, answered or not; null when there is none.
  std::shared_ptr<Question> Known(const std::string& hash) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Error: RESOURCE_EXHAUSTED QUOTA_EXCEEDED.
  absl::Status CheckMayAsk(const std::string& hash, absl::string_view address) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<VerifiedKey> Ask(absl::string_view key, const std::string& hash, absl::string_view address,
                                  const std::shared_ptr<Question>& question);
  void Keep(Questions& questions, const std::string& hash, const std::shared_ptr<Question>& question)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const KeyVerifier verify_;
  const KeyCacheOptions options_;
  QuotaBuckets wrong_keys_;
  absl::Mutex mutex_;
  Questions open_ ABSL_GUARDED_BY(mutex_);
  Questions good_ ABSL_GUARDED_BY(mutex_);  // Stale ones stay while there is room: they are not limited.
  Questions bad_ ABSL_GUARDED_BY(mutex_);   // Of their own, so that made-up keys push out no good one.
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_API_KEY_H_
