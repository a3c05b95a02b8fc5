#include "common/rpc/call_slots.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/rpc/status.h"

namespace countersign::rpc {
namespace {

constexpr absl::string_view kRetryAfterMs = "200";  // Most calls have ended by then.

absl::Status TooManyCalls(absl::string_view whose) {
  return Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
               absl::StrCat(whose,
                            " as many calls under way as it can have. Nothing was done; try again when one has "
                            "ended."),
               {{kRetryDelayMetadata, std::string(kRetryAfterMs)}});
}

}  // namespace

SlotShares::SlotShares(int slots)
    : each_partner(std::max(kAlways, slots / 32)),
      partners(std::max(kAlways, slots * 5 / 8)),
      partners_at_most(std::max(kAlways, slots * 3 / 4)),
      each_partner_waiting(slots * 2),
      partners_waiting(slots * 3),
      each_address(std::max(1, slots / 4)),
      addresses(std::max(1, slots * 3 / 8)),
      known_keys(std::max(1, slots / 2)) {}

CallSlots& CallSlots::OfProcess() {
  static CallSlots* const slots = new CallSlots();
  return *slots;
}

void CallSlots::SetSlots(int slots) {
  absl::MutexLock lock(&mutex_);
  shares_ = SlotShares(slots);
}

CallSlots::Slot CallSlots::Add(CallSlots& slots, Group& group, const std::string& name) {
  ++group.all.held;
  ++group.each[name].held;
  return Slot(slots, group, name);
}

void CallSlots::ForgetIfIdle(Group& group, const std::string& name) {
  const auto found = group.each.find(name);
  if (found->second.held == 0 && found->second.waiting == 0) group.each.erase(found);
}

// Under the slots' lock, which a condition cannot tell the compiler.
bool CallSlots::Calls::HasRoom() const ABSL_NO_THREAD_SAFETY_ANALYSIS {
  const SlotShares& shares = slots->shares_;
  const int all = held < SlotShares::kAlways ? shares.partners_at_most : shares.partners;
  return held < shares.each_partner && slots->partners_.all.held < all;
}

absl::Status CallSlots::Wait(Calls& partner, absl::Time deadline) {
  if (partner.waiting >= shares_.each_partner_waiting) return TooManyCalls("The partner has");
  if (partners_.all.waiting >= shares_.partners_waiting) return TooManyCalls("The service has");
  ++partner.waiting;
  ++partners_.all.waiting;
  const bool found = mutex_.AwaitWithDeadline(absl::Condition(&partner, &Calls::HasRoom),
                                              std::min(deadline, absl::Now() + longest_wait_));
  --partner.waiting;
  --partners_.all.waiting;
  if (found) return absl::OkStatus();
  return TooManyCalls(partner.held >= shares_.each_partner ? "The partner has" : "The service has");
}

absl::StatusOr<CallSlots::Slot> CallSlots::TakeForCall(const Caller& caller, absl::Time deadline) {
  if (caller.role != Role::kPartner) return Slot();
  absl::MutexLock lock(&mutex_);
  Calls& partner = partners_.each[caller.name];
  partner.slots = this;
  // A newcomer is not served before waiting calls of the same partner.
  if (partner.waiting > 0 || !partner.HasRoom()) {
    if (const absl::Status status = Wait(partner, deadline); !status.ok()) {
      ForgetIfIdle(partners_, caller.name);
      return status;
    }
  }
  return Add(*this, partners_, caller.name);
}

absl::StatusOr<CallSlots::Slot> CallSlots::TakeForKey(const std::string& address) {
  absl::MutexLock lock(&mutex_);
  if (address.empty()) {
    if (known_keys_.all.held < shares_.known_keys) return Add(*this, known_keys_, address);
  } else {
    const auto found = addresses_.each.find(address);
    const int held = found == addresses_.each.end() ? 0 : found->second.held;
    if (held < shares_.each_address && addresses_.all.held < shares_.addresses) return Add(*this, addresses_, address);
  }
  return Error(absl::StatusCode::kUnavailable, "KEY_NOT_VERIFIED",
               "Too many API keys are being verified at this moment. It is safe to try again.",
               {{kRetryDelayMetadata, std::string(kRetryAfterMs)}});
}

void CallSlots::GiveBack(Group& group, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  --group.all.held;
  --group.each[name].held;
  ForgetIfIdle(group, name);
}

}  // namespace countersign::rpc
