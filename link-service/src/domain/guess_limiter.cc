#include "link-service/src/domain/guess_limiter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "absl/container/flat_hash_map.h"

namespace countersign::link {
namespace {

constexpr size_t kIpv6NetworkBytes = 8;

// The key that one client is counted by.
std::string ClientKey(absl::string_view address) {
  std::array<char, 16> bytes;
  const std::string text(address);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  return std::string(bytes.data(), kIpv6NetworkBytes);
}

}  // namespace

double GuessLimiter::LeftAt(const Bucket& bucket, absl::Time now) const {
  return std::min(burst_,
                  bucket.left + absl::FDivDuration(std::max(now - bucket.as_of, absl::ZeroDuration()), refill_));
}

bool GuessLimiter::MayTry(absl::string_view address, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const auto found = buckets_.find(ClientKey(address));
  return found == buckets_.end() || LeftAt(found->second, now) >= 1;
}

void GuessLimiter::CountWrong(absl::string_view address, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (buckets_.size() >= kMaxAddresses) ForgetOld(now);
  Bucket& bucket = buckets_.try_emplace(ClientKey(address), Bucket{burst_, now}).first->second;
  bucket = {std::max(0.0, LeftAt(bucket, now) - 1), now};
}

// Full buckets say nothing. If an attacker filled the table with others, starting over is kinder than growing.
void GuessLimiter::ForgetOld(absl::Time now) {
  absl::erase_if(buckets_, [this, now](const auto& entry) { return LeftAt(entry.second, now) >= burst_; });
  if (buckets_.size() >= kMaxAddresses) buckets_.clear();
}

}  // namespace countersign::link
