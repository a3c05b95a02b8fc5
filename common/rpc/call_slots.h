// How many calls a process works on at the same time for whom, so that nobody's load takes the threads of all.
#ifndef COUNTERSIGN_COMMON_RPC_CALL_SLOTS_H_
#define COUNTERSIGN_COMMON_RPC_CALL_SLOTS_H_

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/caller.h"

namespace countersign::rpc {

// How many of a process's slots somebody may hold.
struct SlotShares {
  explicit SlotShares(int slots);

  // A partner's calls that are worked on: a thirty-second. So few serve nearly as many calls a second as all slots
  // would, and another's call has only so many before it wherever it comes (docs/performance.md, "A flood").
  int each_partner;
  int partners;  // All partners together: five eighths, and beside them kAlways for each, up to three quarters.
  int partners_at_most;
  // Further calls wait. They need threads, but nothing else: so there is room for the callers of a large flood, for
  // who is refused comes again at once, and refusing costs as much as serving.
  int each_partner_waiting;  // Twice as many as there are slots.
  int partners_waiting;      // Three times as many.
  // That wait to learn whose an API key is.
  int each_address;  // With keys that were not good lately: a quarter.
  int addresses;     // All addresses together: three eighths.
  int known_keys;    // With keys that were: a half.

  static constexpr int kAlways = 2;  // So many a partner may hold although others hold all that is the partners'.
  // The threads of a server, for each of its slots: for those who wait, and for all the others.
  static constexpr int kThreadsOfSlot = 5;
};

// Thread-safe. Services, operators and viewers are not limited: what partners leave is theirs.
class CallSlots {
 public:
  static constexpr absl::Duration kLongestWait = absl::Seconds(1);

  explicit CallSlots(int slots = 64, absl::Duration longest_wait = kLongestWait)
      : longest_wait_(longest_wait), shares_(slots) {}
  CallSlots(const CallSlots&) = delete;
  CallSlots& operator=(const CallSlots&) = delete;

  // Of the process, whose threads they stand for.
  static CallSlots& OfProcess();

  void SetSlots(int slots);

  class Slot;

  // A slot for a call of the caller, who waits for one until the deadline or the longest wait, first come, first
  // served. A caller that is refused at once tries again at once, and refusing costs more than letting it wait. Error:
  // RESOURCE_EXHAUSTED TOO_MANY_CALLS, with RetryInfo; nothing was done yet.
  absl::StatusOr<Slot> TakeForCall(const Caller& caller, absl::Time deadline);

  // A slot in which to wait to learn whose an API key is that came from the address (AddressOfPeer); empty: whose it
  // was a moment ago is known, and it is only asked again. Error: UNAVAILABLE KEY_NOT_VERIFIED.
  absl::StatusOr<Slot> TakeForKey(const std::string& address);

 private:
  struct Calls {
    // Of a partner: those who wait for the same share one condition, which is then looked at once for all of them.
    bool HasRoom() const;

    const CallSlots* slots = nullptr;  // Of a partner.
    int held = 0;
    int waiting = 0;
  };
  struct Group {
    Calls all;
    absl::node_hash_map<std::string, Calls> each;  // No entry for a caller without calls.
  };

  absl::Status Wait(Calls& partner, absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  static Slot Add(CallSlots& slots, Group& group, const std::string& name);
  void GiveBack(Group& group, const std::string& name);
  static void ForgetIfIdle(Group& group, const std::string& name);

  const absl::Duration longest_wait_;
  absl::Mutex mutex_;
  SlotShares shares_ ABSL_GUARDED_BY(mutex_);
  Group partners_ ABSL_GUARDED_BY(mutex_);
  Group addresses_ ABSL_GUARDED_BY(mutex_);
  Group known_keys_ ABSL_GUARDED_BY(mutex_);
};

// Held until the object ends.
class CallSlots::Slot {
 public:
  Slot() = default;  // Of a caller that is not limited.
  Slot(CallSlots& slots, Group& group, std::string name) : slots_(&slots), group_(&group), name_(std::move(name)) {}
  Slot(Slot&& other) noexcept
      : slots_(std::exchange(other.slots_, nullptr)), group_(other.group_), name_(std::move(other.name_)) {}
  Slot& operator=(Slot&&) = delete;
  ~Slot() {
    if (slots_ != nullptr) slots_->GiveBack(*group_, name_);
  }

 private:
  CallSlots* slots_ = nullptr;
  Group* group_ = nullptr;
  std::string name_;
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CALL_SLOTS_H_
