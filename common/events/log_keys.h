// The keys of a service's log: who has the database alone can neither make an event that is taken for genuine nor read
// a position.
#ifndef COUNTERSIGN_COMMON_EVENTS_LOG_KEYS_H_
#define COUNTERSIGN_COMMON_EVENTS_LOG_KEYS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"

namespace countersign::events {

// A key is needed as long as there are events and positions that were made under it.
class LogKeys {
 public:
  explicit LogKeys(const KeyRing& ring);

  // Of the process, which serves one log. Null in one that serves none: it makes no macs, believes every event, and its
  // positions are plain.
  static const LogKeys* OfProcess();
  // Before threads begin.
  static void SetOfProcess(const std::optional<KeyRing>& ring);

  // "key_id:" and the HMAC-SHA-256 of an event's digest.
  std::string MacOf(absl::string_view digest) const;
  // Whether MacOf made it of this digest under a key that is still in the ring.
  bool IsGenuine(absl::string_view mac, absl::string_view digest) const;

  // A position as its reader gets it: the same for the same text, and of no use to another reader.
  std::string SealPosition(absl::string_view text, absl::string_view reader) const;
  // Error: that of KeyRing::Open.
  absl::StatusOr<std::string> OpenPosition(absl::string_view sealed, absl::string_view reader) const;

 private:
  const KeyRing macs_;
  const KeyRing positions_;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LOG_KEYS_H_
