// The rest of a line's net after credit notes, and its split over the line's fee segments.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LINE_SHARE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LINE_SHARE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

// While only amounts were credited, every segment keeps its share by days, exactly: nothing is rounded. Once days were
// credited, each segment has a net of its own, in minor units; they add up to what is left.
class LineShare {
 public:
  // A line of `net` over segments of these days, in order of time from `start` on.
  LineShare(Money net, Date start, std::vector<int64_t> days);

  // Takes `net` from the line: from the segments of `days` first, else from all alike. Errors: FAILED_PRECONDITION
  // CREDIT_EXCEEDS_LINE; INVALID_ARGUMENT (below zero, another currency).
  absl::Status Credit(const Money& net, const std::optional<Period>& days);

  const Money& left() const { return left_; }

  // True once days were credited: Own() is then exact.
  bool by_segment() const { return !own_.empty(); }

  // The net of each segment in minor units, split cumulatively by days where no days were credited.
  absl::StatusOr<std::vector<Money>> Own() const;

 private:
  absl::Status TakeFromDays(const Money& net, const Period& days);
  absl::Status TakeFromAll(const Money& net);

  Money left_;
  Date start_;
  std::vector<int64_t> days_;
  std::vector<Money> own_;  // Empty: by days.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_LINE_SHARE_H_
