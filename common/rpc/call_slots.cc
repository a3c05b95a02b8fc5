#include "common/rpc/call_slots.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
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
    : each_partner(std::max(kAlways, slots / 4)),
      partners(std::max(kAlways, slots * 5 / 8)),
      partners_at_most(std::max(kAlways, slots * 3 / 4)),
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
  ++group.all;
  ++group.each[name];
  return Slot(slots, group, name);
}

absl::StatusOr<CallSlots::Slot> CallSlots::TakeForCall(const Caller& caller) {
  if (caller.role != Role::kPartner) return Slot();
  absl::MutexLock lock(&mutex_);
  const auto found = partners_.each.find(caller.name);
  const int held = found == partners_.each.end() ? 0 : found->second;
  if (held >= shares_.each_partner) return TooManyCalls("The partner has");
  const int all = held < SlotShares::kAlways ? shares_.partners_at_most : shares_.partners;
  if (partners_.all >= all) return TooManyCalls("The service has");
  return Add(*this, partners_, caller.name);
}

absl::StatusOr<CallSlots::Slot> CallSlots::TakeForKey(const std::string& address) {
  absl::MutexLock lock(&mutex_);
  if (address.empty()) {
    if (known_keys_.all < shares_.known_keys) return Add(*this, known_keys_, address);
  } else {
    const auto found = addresses_.each.find(address);
    const int held = found == addresses_.each.end() ? 0 : found->second;
    if (held < shares_.each_address && addresses_.all < shares_.addresses) return Add(*this, addresses_, address);
  }
  return Error(absl::StatusCode::kUnavailable, "KEY_NOT_VERIFIED",
               "Too many API keys are being verified at this moment. It is safe to try again.",
               {{kRetryDelayMetadata, std::string(kRetryAfterMs)}});
}

void CallSlots::GiveBack(Group& group, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  --group.all;
  const auto held = group.each.find(name);
  if (--held->second == 0) group.each.erase(held);
}

}  // namespace countersign::rpc
