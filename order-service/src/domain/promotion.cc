#include "order-service/src/domain/promotion.h"

#include <algorithm>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"

namespace countersign::order {

const Money* Promotion::PriceIn(absl::string_view currency) const {
  for (const Money& price : unit_prices) {
    if (price.currency() == currency) return &price;
  }
  return nullptr;
}

absl::StatusOr<Promotion> Promotion::End(absl::Time now) const {
  const Date today = DateOf(now);
  if (end_date <= today) {
    return FailedPrecondition("PROMOTION_ENDED", absl::StrCat("The promotion ended on ", FormatDate(end_date), "."),
                              {{"endDate", FormatDate(end_date)}});
  }
  Promotion ended = *this;
  ended.end_date = std::max(start_date, today);
  ++ended.version;
  ended.update_time = now;
  return ended;
}

bool Promotion::SameContents(const Promotion& other) const {
  return id == other.id && title == other.title && trial_days == other.trial_days && unit_prices == other.unit_prices &&
         start_date == other.start_date;
}

void CheckNewPromotion(const Promotion& promotion, absl::Time now, absl::string_view field,
                       FieldViolations& violations) {
  if ((promotion.trial_days > 0) != promotion.unit_prices.empty()) {
    violations.Add(absl::StrCat(field, ".trial_days"), "set either trial_days or unit_prices");
  }
  std::set<absl::string_view> currencies;
  for (const Money& price : promotion.unit_prices) {
    if (currencies.insert(price.currency()).second) continue;
    violations.Add(absl::StrCat(field, ".unit_prices"), "must be one per currency");
  }
  if (promotion.end_date <= promotion.start_date || promotion.end_date <= DateOf(now)) {
    violations.Add(absl::StrCat(field, ".end_date"), "must be after start_date and after today");
  }
}

Uuid PromotionAggregate(absl::string_view offer, absl::string_view promotion) {
  return Uuid::Derived({"catalogue", "promotion", offer, promotion});
}

absl::Status NoSuchPromotion(absl::string_view offer, absl::string_view promotion) {
  return NotFound("PROMOTION_NOT_FOUND", "The offer has no such promotion. ListPromotions lists those that it has.",
                  {{"promotion", absl::StrCat("offers/", offer, "/promotions/", promotion)}});
}

}  // namespace countersign::order
