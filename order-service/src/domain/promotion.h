// Promotions of an offer: free days before the term begins, or a lower price for the initial term.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PROMOTION_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PROMOTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::order {

inline constexpr int64_t kMaxTrialDays = 365;

// Either trial_days or unit_prices. Only its end may change.
struct Promotion {
  std::string id = {};                  // Unique within the offer.
  std::string title = {};               // Shown to customers.
  int64_t trial_days = 0;               // 0: none.
  std::vector<Money> unit_prices = {};  // For one seat and one month of the initial term, one per currency.
  Date start_date = {};                 // The first day on which it can be submitted.
  Date end_date = {};                   // The first day on which it no longer can.
  int64_t version = 1;
  absl::Time create_time = absl::UnixEpoch();
  absl::Time update_time = absl::UnixEpoch();

  bool IsOpenOn(Date day) const { return start_date <= day && day < end_date; }

  // Null when it has no price in the currency. Lives as long as the promotion.
  const Money* PriceIn(absl::string_view currency) const;

  // The next version, which is not open from today on. Error: FAILED_PRECONDITION PROMOTION_ENDED.
  absl::StatusOr<Promotion> End(absl::Time now) const;

  // The same promotion, whatever its end and version.
  bool SameContents(const Promotion& other) const;
};

// Records what is wrong with a promotion that is to be written at `now`, under `field` ("promotion"): neither or both
// of trial_days and unit_prices, a currency twice, a window that is empty or past.
void CheckNewPromotion(const Promotion& promotion, absl::Time now, absl::string_view field,
                       FieldViolations& violations);

Uuid PromotionAggregate(absl::string_view offer, absl::string_view promotion);

// NOT_FOUND PROMOTION_NOT_FOUND.
absl::Status NoSuchPromotion(absl::string_view offer, absl::string_view promotion);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_PROMOTION_H_
