#include "billing-service/src/domain/dunning.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kMaxHoldMonths = 12;

bool IsOverdue(const Invoice& invoice, Date today) {
  return invoice.state == InvoiceState::kOpen && invoice.due_date < today;
}

const Invoice* OldestOverdue(const std::vector<Invoice>& invoices, Date today) {
  const Invoice* oldest = nullptr;
  for (const Invoice& invoice : invoices) {
    if (!IsOverdue(invoice, today)) continue;
    if (oldest == nullptr ||
        std::tie(invoice.due_date, invoice.sequence) < std::tie(oldest->due_date, oldest->sequence)) {
      oldest = &invoice;
    }
  }
  return oldest;
}

// State and rung are those of before, or lower where the other invoice has not come so far.
void TurnTo(Dunning& dunning, const Invoice& invoice, const DunningLadder& ladder, size_t due) {
  size_t rung = due;
  while (rung > 0 && ladder.rungs[rung - 1].state > dunning.state) --rung;
  ++dunning.cycle;
  dunning.invoice = invoice.id;
  dunning.ladder = ladder.id;
  dunning.rung = static_cast<int64_t>(rung);
  dunning.state = rung == 0 ? DunningState::kClear : ladder.rungs[rung - 1].state;
}

DunningMove Cleared(Dunning dunning) {
  dunning.state = DunningState::kClear;
  dunning.invoice.reset();
  dunning.ladder.reset();
  dunning.rung = 0;
  dunning.next_date.reset();
  return {DunningStep::kCleared, std::move(dunning)};
}

std::optional<Date> NextDateOf(const Dunning& dunning, const DunningLadder& ladder, Date due_date) {
  if (dunning.state == DunningState::kCancelled) return std::nullopt;
  const auto next = static_cast<size_t>(dunning.rung);
  if (next >= ladder.rungs.size()) return kNoNextRung;
  const Date due = due_date + ladder.rungs[next].days;
  return dunning.rung_date.has_value() ? std::max(due, *dunning.rung_date + 1) : due;
}

bool IsSuspendedFor(const Subscription& subscription, SuspensionReason reason) {
  const std::vector<SuspensionReason>& reasons = subscription.suspensions;
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

bool HasEndedOrNotBegun(const Subscription& subscription) {
  return subscription.state == SubscriptionState::kPending || subscription.state == SubscriptionState::kCancelled ||
         subscription.state == SubscriptionState::kExpired;
}

// Served again: ACTIVE, or PAST_DUE.
absl::StatusOr<bool> AlignServed(Subscription& subscription, bool past_due, Date today) {
  bool changed = false;
  if (IsSuspendedFor(subscription, SuspensionReason::kOverdue)) {
    RETURN_IF_ERROR(Resume(subscription, SuspensionReason::kOverdue, today));
    changed = true;
  }
  const SubscriptionState wanted = past_due ? SubscriptionState::kPastDue : SubscriptionState::kActive;
  const SubscriptionState other = past_due ? SubscriptionState::kActive : SubscriptionState::kPastDue;
  if (subscription.state == other) {
    subscription.state = wanted;
    changed = true;
  }
  return changed;
}

}  // namespace

DunningMove MoveDunning(Dunning dunning, const std::vector<Invoice>& invoices,
                        const std::vector<DunningLadder>& ladders, bool may_climb, Date today) {
  if (dunning.state == DunningState::kCancelled && dunning.next_date.has_value()) {
    return {DunningStep::kNone, std::move(dunning)};
  }
  const bool climbs = dunning.state != DunningState::kClear && dunning.state != DunningState::kCancelled;
  may_climb = may_climb && (!dunning.hold_until.has_value() || *dunning.hold_until <= today) &&
              (!dunning.rung_date.has_value() || *dunning.rung_date < today);
  const Invoice* driver = OldestOverdue(invoices, today);
  const DunningLadder* ladder = driver == nullptr ? nullptr : LadderFor(ladders, driver->due_date);
  const size_t due = ladder == nullptr ? 0 : RungsDue(*ladder, driver->due_date, today);
  if (due == 0) return climbs ? Cleared(std::move(dunning)) : DunningMove{DunningStep::kNone, std::move(dunning)};
  if (!climbs && !may_climb) return {DunningStep::kNone, std::move(dunning)};

  DunningStep step = DunningStep::kNone;
  if (!climbs || dunning.invoice != driver->id) {
    const DunningState before = climbs ? dunning.state : DunningState::kClear;
    dunning.state = before;
    TurnTo(dunning, *driver, *ladder, due);
    if (dunning.state == DunningState::kClear && climbs) return Cleared(std::move(dunning));
    if (climbs) step = dunning.state < before ? DunningStep::kEased : DunningStep::kTurned;
  }
  if (may_climb && step != DunningStep::kEased && static_cast<size_t>(dunning.rung) < due) {
    dunning.state = ladder->rungs[static_cast<size_t>(dunning.rung)].state;
    ++dunning.rung;
    dunning.rung_date = today;
    step = DunningStep::kReached;
  }
  dunning.next_date = NextDateOf(dunning, *ladder, driver->due_date);
  return {step, std::move(dunning)};
}

std::vector<Uuid> OverdueInvoices(const std::vector<Invoice>& invoices, Date today) {
  std::vector<Uuid> overdue;
  for (const Invoice& invoice : invoices) {
    if (IsOverdue(invoice, today)) overdue.push_back(invoice.id);
  }
  return overdue;
}

absl::StatusOr<bool> AlignWithDunning(Subscription& subscription, DunningState state, Date today) {
  if (HasEndedOrNotBegun(subscription) || state == DunningState::kCancelled) return false;
  if (state != DunningState::kSuspended) return AlignServed(subscription, state == DunningState::kPastDue, today);
  if (IsSuspendedFor(subscription, SuspensionReason::kOverdue)) return false;
  RETURN_IF_ERROR(Suspend(subscription, SuspensionReason::kOverdue, today));
  return true;
}

absl::StatusOr<std::optional<Cancellation>> CancelUnpaid(Subscription subscription, Date today) {
  if (HasEnded(subscription)) return std::nullopt;
  // Invoiced days that will not be served are not owed either.
  return CancelNow(std::move(subscription), today, CancelPolicy::kProratedCredit, kUnpaid);
}

absl::Status HoldDunning(Dunning& dunning, std::optional<Date> until, absl::string_view reason, Date today) {
  if (!until.has_value()) {
    dunning.hold_until.reset();
    dunning.hold_reason.clear();
    return absl::OkStatus();
  }
  const Date last = AddMonths(today, kMaxHoldMonths);
  if (*until <= today || *until > last) {
    return InvalidField("hold_until_date",
                        absl::StrCat("must be from ", FormatDate(today + 1), " to ", FormatDate(last)));
  }
  dunning.hold_until = until;
  dunning.hold_reason = std::string(reason);
  return absl::OkStatus();
}

}  // namespace countersign::billing
