#include "billing-service/src/domain/line_share.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

LineShare::LineShare(Money net, Date start, std::vector<int64_t> days)
    : left_(std::move(net)), start_(start), days_(std::move(days)) {}

absl::Status LineShare::Credit(const Money& net, const std::optional<Period>& days) {
  if (net.micros() < 0) return InvalidField("credited", "must not be negative");
  ASSIGN_OR_RETURN(const Money left, left_.Minus(net));
  if (left.micros() < 0) {
    return FailedPrecondition("CREDIT_EXCEEDS_LINE", "More than the line's net would be credited.",
                              {{"left", left_.ToString()}, {"credited", net.ToString()}});
  }
  if (net.is_zero()) return absl::OkStatus();
  if (days.has_value()) {
    RETURN_IF_ERROR(TakeFromDays(net, *days));
  } else if (by_segment()) {
    RETURN_IF_ERROR(TakeFromAll(net));
  }
  left_ = left;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Money>> LineShare::Own() const {
  if (by_segment()) return own_;
  return left_.SplitCumulatively(days_);
}

absl::Status LineShare::TakeFromDays(const Money& net, const Period& days) {
  ASSIGN_OR_RETURN(own_, Own());
  std::vector<int64_t> overlaps;
  int64_t overlap = 0;
  Date start = start_;
  for (const int64_t count : days_) {
    const Date end = start + count;
    overlaps.push_back(std::max<int64_t>(std::min(end, days.end) - std::max(start, days.start), 0));
    overlap += overlaps.back();
    start = end;
  }
  if (overlap == 0) return TakeFromAll(net);
  ASSIGN_OR_RETURN(const std::vector<Money> parts, net.SplitCumulatively(overlaps));
  ASSIGN_OR_RETURN(Money rest, Money::Zero(net.currency()));
  for (size_t i = 0; i < parts.size(); ++i) {
    const Money& taken = parts[i].micros() > own_[i].micros() ? own_[i] : parts[i];
    ASSIGN_OR_RETURN(const Money over, parts[i].Minus(taken));
    ASSIGN_OR_RETURN(rest, rest.Plus(over));
    ASSIGN_OR_RETURN(own_[i], own_[i].Minus(taken));
  }
  return TakeFromAll(rest);
}

absl::Status LineShare::TakeFromAll(const Money& net) {
  if (net.is_zero()) return absl::OkStatus();
  std::vector<int64_t> shares;
  for (const Money& own : own_) shares.push_back(own.micros());
  ASSIGN_OR_RETURN(const std::vector<Money> parts, net.SplitCumulatively(shares));
  // A part never exceeds its segment's net, because both are whole minor units and `net` is at most their sum.
  for (size_t i = 0; i < parts.size(); ++i) {
    ASSIGN_OR_RETURN(own_[i], own_[i].Minus(parts[i]));
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
