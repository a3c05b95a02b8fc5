#include "billing-service/src/domain/partner_of_record.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// The assignment of today, or the first one of a subscription that has not begun; null when there is none.
PartnerAssignment* AssignmentOn(Subscription& subscription, Date today) {
  const Date day = std::max(today, subscription.partners.front().start);
  for (PartnerAssignment& assignment : subscription.partners) {
    if (assignment.start <= day && (!assignment.end.has_value() || day < *assignment.end)) return &assignment;
  }
  return nullptr;
}

// The assignment that begins on that day; null if none.
PartnerAssignment* AssignmentFrom(Subscription& subscription, Date start) {
  for (PartnerAssignment& assignment : subscription.partners) {
    if (assignment.start == start && !IsEmpty(assignment)) return &assignment;
  }
  return nullptr;
}

absl::Status CheckNotEnded(const Subscription& subscription) {
  if (!HasEnded(subscription)) return absl::OkStatus();
  return FailedPrecondition("SUBSCRIPTION_STATE",
                            absl::StrCat("The subscription is ", NameOf(subscription.state), " and has ended."),
                            {{"state", std::string(NameOf(subscription.state))}});
}

}  // namespace

std::optional<PartnerChange> ComingChange(const Subscription& subscription, Date today) {
  if (HasEnded(subscription)) return std::nullopt;
  const Date day = std::max(today, subscription.partners.front().start);
  for (const PartnerAssignment& assignment : subscription.partners) {
    if (assignment.start > day || !assignment.end.has_value() || *assignment.end <= day) continue;
    PartnerChange change = {.kind = PartnerChangeKind::kEnd,
                            .from = assignment.partner,
                            .to = PartnerAt(subscription, *assignment.end),
                            .effective = *assignment.end,
                            .known = true};
    if (change.to.has_value()) change.kind = PartnerChangeKind::kTransfer;
    return change;
  }
  return std::nullopt;
}

Date NoticeEnd(const Subscription& subscription, Date today) {
  const Date earliest = today + kPartnerNoticeDays;
  if (earliest <= subscription.anchor) return subscription.anchor;
  const Period month = PeriodContaining(subscription.anchor, /*months=*/1, earliest);
  return month.start == earliest ? month.start : month.end;
}

absl::StatusOr<PartnerChange> AnnounceChange(Subscription& subscription, PartnerChangeKind kind, const Uuid& from,
                                             const std::optional<Uuid>& to, Date today) {
  RETURN_IF_ERROR(CheckNotEnded(subscription));
  PartnerAssignment* current = AssignmentOn(subscription, today);
  if (current == nullptr || current->partner != from) {
    return FailedPrecondition("NOT_PARTNER_OF_RECORD", "The partner is not of record for this subscription today.",
                              {{"subscription", subscription.id.ToString()}});
  }
  PartnerChange change = {.kind = kind, .from = from, .to = to, .effective = NoticeEnd(subscription, today)};
  if (current->end.has_value()) {
    const PartnerAssignment* next = AssignmentFrom(subscription, *current->end);
    const std::optional<Uuid> coming = next == nullptr ? std::nullopt : std::optional<Uuid>(next->partner);
    if (coming != to) {
      return FailedPrecondition("PARTNER_CHANGE_PENDING",
                                absl::StrCat("Another change of partner takes effect on ", FormatDate(*current->end),
                                             ". Try again after it."),
                                {{"startDate", FormatDate(*current->end)}});
    }
    change.effective = *current->end;
    change.known = true;
    return change;
  }
  current->end = change.effective;
  if (to.has_value()) Assign(subscription, {*to, change.effective, std::nullopt});
  return change;
}

absl::StatusOr<PartnerChange> OptOut(Subscription& subscription, Date today) {
  RETURN_IF_ERROR(CheckNotEnded(subscription));
  for (size_t i = 1; i < subscription.partners.size(); ++i) {
    PartnerAssignment& coming = subscription.partners[i];
    if (coming.start <= today || IsEmpty(coming)) continue;
    const PartnerChange change = {
        .kind = PartnerChangeKind::kOptOut, .from = coming.partner, .to = std::nullopt, .effective = coming.start};
    coming.end = coming.start;
    return change;
  }
  return FailedPrecondition("NO_PARTNER_CHANGE_PENDING",
                            "No other partner of record is to come, so there is nothing to refuse.",
                            {{"subscription", subscription.id.ToString()}});
}

absl::StatusOr<PartnerChange> RemovePartner(Subscription& subscription, Date today) {
  RETURN_IF_ERROR(CheckNotEnded(subscription));
  PartnerAssignment* current = AssignmentOn(subscription, today);
  if (current == nullptr) {
    return FailedPrecondition("NO_PARTNER_OF_RECORD", "The subscription has no partner of record to remove.",
                              {{"subscription", subscription.id.ToString()}});
  }
  if (current->end.has_value()) {
    return FailedPrecondition("PARTNER_CHANGE_PENDING",
                              absl::StrCat("The partner's time ends already, on ", FormatDate(*current->end),
                                           ". There is nothing to remove."),
                              {{"startDate", FormatDate(*current->end)}});
  }
  current->end = NextMonthlyDay(subscription, today);
  return PartnerChange{
      .kind = PartnerChangeKind::kRemoval, .from = current->partner, .to = std::nullopt, .effective = *current->end};
}

}  // namespace countersign::billing
