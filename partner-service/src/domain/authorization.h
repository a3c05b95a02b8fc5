// Authorizations: the products that a partner may sell, and when.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_AUTHORIZATION_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_AUTHORIZATION_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::partner {

// The product that stands for every offer.
inline constexpr char kAllOffers[] = "-";

struct Authorization {
  Uuid partner_id;
  Uuid authorization_id;
  std::string product;  // An offer's id, or kAllOffers.
  absl::Time start_time;
  absl::Time create_time;
  std::optional<absl::Time> end_time{};  // Exclusive; none: until further notice.
  int64_t version = 1;                   // Grows by one with every change.
  absl::Time update_time;
};

// OK when a new authorization may be written: it starts now or later and does not end before it starts. Error:
// INVALID_ARGUMENT naming the field.
absl::Status CheckNewAuthorization(const Authorization& authorization, absl::Time now);

// Its next version, which ends at `end_time` (none: until further notice). Errors: FAILED_PRECONDITION
// AUTHORIZATION_ENDED when it has ended by `now`, which is for good; INVALID_ARGUMENT naming the field when `end_time`
// is before its start.
absl::StatusOr<Authorization> WithEnd(const Authorization& authorization, std::optional<absl::Time> end_time,
                                      absl::Time now);

// Those of `offers`, in their order, that none of `products` (what the partner may sell now) covers.
std::vector<std::string> UnauthorizedOffers(const std::vector<std::string>& offers,
                                            const std::set<std::string>& products);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_AUTHORIZATION_H_
