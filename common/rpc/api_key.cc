#include "common/rpc/api_key.h"

#include <memory>
#include <string>
#include <utility>

#include "common/base/crypto.h"
#include "common/base/error.h"

namespace countersign::rpc {

KeyCache::KeyCache(KeyVerifier verify, KeyCacheOptions options)
    : verify_(std::move(verify)), options_(std::move(options)) {}

absl::StatusOr<VerifiedKey> KeyCache::Verify(absl::string_view key, absl::Time deadline) {
  const std::string hash = Sha256(key);
  std::shared_ptr<Entry> entry;
  {
    absl::MutexLock lock(&mutex_);
    const auto known = entries_.find(hash);
    if (known != entries_.end() && IsFresh(*known->second)) {
      entry = known->second;
      if (!mutex_.AwaitWithDeadline(absl::Condition(&entry->answered), deadline)) {
        return Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "The API key was not verified in time.");
      }
      return entry->answer;
    }
    MakeRoom();
    entry = std::make_shared<Entry>();
    entry->asked = options_.now();
    entries_[hash] = entry;
  }
  absl::StatusOr<VerifiedKey> answer = verify_(key, deadline);
  absl::MutexLock lock(&mutex_);
  entry->answer = answer;
  entry->answered = true;
  const bool is_an_answer = answer.ok() || absl::IsNotFound(answer.status());
  const auto known = entries_.find(hash);
  if (!is_an_answer && known != entries_.end() && known->second == entry) entries_.erase(known);
  return answer;
}

// What is forgotten is only asked again.
void KeyCache::MakeRoom() {
  if (entries_.size() < options_.max_keys) return;
  absl::erase_if(entries_, [this](const auto& known) { return !IsFresh(*known.second); });
  if (entries_.size() >= options_.max_keys) entries_.clear();
}

KeyVerifier KeyCache::Around(KeyVerifier verify, KeyCacheOptions options) {
  const auto cache = std::make_shared<KeyCache>(std::move(verify), std::move(options));
  return [cache](absl::string_view key, absl::Time deadline) { return cache->Verify(key, deadline); };
}

}  // namespace countersign::rpc
