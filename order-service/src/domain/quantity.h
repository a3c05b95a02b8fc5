#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_QUANTITY_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_QUANTITY_H_

#include <compare>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace countersign::order {

// A number of seats, from 1 to 1,000,000: one that exists is within these bounds.
class Quantity {
 public:
  static constexpr int64_t kMax = 1'000'000;

  // Error: INVALID_ARGUMENT outside 1..kMax.
  static absl::StatusOr<Quantity> Of(int64_t seats) {
    if (seats < 1 || seats > kMax) return absl::InvalidArgumentError(absl::StrCat("must be from 1 to ", kMax));
    return Quantity(seats);
  }

  int64_t seats() const { return seats_; }

  friend auto operator<=>(const Quantity&, const Quantity&) = default;

 private:
  explicit Quantity(int64_t seats) : seats_(seats) {}

  int64_t seats_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_QUANTITY_H_
