// Offers, which the vendor sells by the seat, and the decisions about them.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_OFFER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_OFFER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "order-service/src/domain/price.h"
#include "order-service/src/domain/promotion.h"
#include "order-service/src/domain/quantity.h"

namespace countersign::order {

inline constexpr int kTermMonths = 12;
inline constexpr size_t kMaxComponents = 20;
inline constexpr size_t kMaxRegions = 300;

struct Offer {
  std::string id;  // A lower-case slug: "bpos-standard-suite".
  std::string title = {};
  std::string description = {};  // One sentence.
  int64_t minimum_quantity = 1;  // Of a subscription.
  int64_t maximum_quantity = Quantity::kMax;
  std::vector<std::string> components = {};    // The offers of a bundle (bundle.h); empty for one that is none.
  std::vector<std::string> regions = {};       // ISO 3166; empty: sold everywhere.
  std::vector<int> billing_periods = {1, 12};  // In months, ascending.
  bool retired = false;                        // No longer for sale.
  std::optional<absl::Time> retire_time = {};  // When it was retired, where that is known.
  int64_t version = 1;                         // One more with every change; 0 for a seeded offer.
  absl::Time create_time = absl::UnixEpoch();
  absl::Time update_time = absl::UnixEpoch();
  std::vector<Price> prices = {};
  std::vector<Promotion> promotions = {};

  bool IsBundle() const { return !components.empty(); }
  bool IsSoldIn(absl::string_view region) const;
  bool IsBilledEvery(int months) const;

  // The price in `currency` in force at `time`; null when there is none. Lives as long as the offer.
  const Price* PriceInForce(absl::string_view currency, absl::Time time) const;

  // The same for a renewal: of a retired offer the last version that was in force when it was retired.
  const Price* RenewalPrice(absl::string_view currency, absl::Time time) const;

  // Null when there is none. Lives as long as the offer.
  const Promotion* FindPromotion(absl::string_view promotion) const;

  // The offer of the given id, or what it is changed to; nullopt: unchanged.
  struct Fields {
    std::optional<std::string> title = {};
    std::optional<std::string> description = {};
    std::optional<int64_t> minimum_quantity = {};
    std::optional<int64_t> maximum_quantity = {};
    std::optional<std::vector<std::string>> components = {};
    std::optional<std::vector<std::string>> regions = {};
    std::optional<std::vector<int>> billing_periods = {};
  };
  static Offer New(std::string id, const Fields& fields, absl::Time now);

  // Both: the next version. Error: FAILED_PRECONDITION OFFER_RETIRED.
  absl::StatusOr<Offer> Update(const Fields& fields, absl::Time now) const;
  absl::StatusOr<Offer> Retire(absl::Time now) const;

  // Error: FAILED_PRECONDITION OFFER_RETIRED.
  absl::Status CheckNotRetired() const;
};

// The moment whose price something takes that starts on `date`: now when that is today or not given, otherwise the
// first instant of the day.
absl::Time PricingTime(const std::optional<Date>& date, absl::Time now);

// All events of the catalogue are of one tenant. An offer and a price are aggregates of their own.
Uuid CatalogueTenant();
Uuid OfferAggregate(absl::string_view offer);
Uuid PriceAggregate(absl::string_view offer, absl::string_view price);

// NOT_FOUND OFFER_NOT_FOUND; NOT_FOUND PRICE_NOT_FOUND.
absl::Status NoSuchOffer(absl::string_view offer);
absl::Status NoSuchPrice(absl::string_view offer, absl::string_view price);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_OFFER_H_
