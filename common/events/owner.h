// The owner of leases: one life of one process. No two lives have the same owner, even under the same name.
#ifndef COUNTERSIGN_COMMON_EVENTS_OWNER_H_
#define COUNTERSIGN_COMMON_EVENTS_OWNER_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::events {

inline constexpr int kMaxReplicaName = 112;  // With the rest, an owner has at most 200 characters.

// Whether this may name a replica: 1 to kMaxReplicaName printable ASCII characters without '#' and blanks.
bool IsReplicaName(absl::string_view name);

// A name for this process's replica that stays the same when it is started again: the host's name and `listen`, cut to
// kMaxReplicaName.
std::string DefaultReplicaName(absl::string_view listen);

// A new owner: "{replica}#{host}-{process id}-{64 random bits}".
std::string NewOwner(absl::string_view replica);

// The part that a restart keeps; all of it where there is no '#'.
std::string ReplicaOf(absl::string_view owner);

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_OWNER_H_
