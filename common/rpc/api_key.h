// Whose an API key is. partner-service knows; the other services ask it and remember the answer for a moment.
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

namespace countersign::rpc {

struct VerifiedKey {
  Uuid partner;
  bool suspended = false;  // Its partner is: the key has a suspended partner's rights.
};

// Verifies a key that a caller presented, before the real time `deadline`. Error: NOT_FOUND for every key that is no
// good (unknown, wrong, revoked, expired); any other error means that it could not be found out, and nobody is let in.
using KeyVerifier = std::function<absl::StatusOr<VerifiedKey>(absl::string_view key, absl::Time deadline)>;

struct KeyCacheOptions {
  // How long an answer, yes or no, is good, from the moment of asking. A revoked key must be dead within 5 s.
  std::chrono::steady_clock::duration ttl = std::chrono::seconds(3);
  size_t max_keys = 10'000;
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// Remembers what `verify` answers. Keys themselves are not kept, only their SHA-256. Those who ask for the same key at
// the same time cause one question. Thread-safe.
class KeyCache {
 public:
  explicit KeyCache(KeyVerifier verify, KeyCacheOptions options = {});

  // Errors: those of `verify`, of which only NOT_FOUND is remembered; DEADLINE_EXCEEDED while somebody else's question
  // is not answered.
  absl::StatusOr<VerifiedKey> Verify(absl::string_view key, absl::Time deadline);

  // Verify of a cache that lives as long as the function.
  static KeyVerifier Around(KeyVerifier verify, KeyCacheOptions options = {});

 private:
  struct Entry {
    std::chrono::steady_clock::time_point asked;
    bool answered = false;
    absl::StatusOr<VerifiedKey> answer = absl::UnknownError("not answered");
  };

  bool IsFresh(const Entry& entry) const { return options_.now() - entry.asked < options_.ttl; }
  void MakeRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const KeyVerifier verify_;
  const KeyCacheOptions options_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);  // By SHA-256.
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_API_KEY_H_
