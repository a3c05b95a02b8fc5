#include "order-service/src/domain/offer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::order {
namespace {

void Take(Offer& offer, const Offer::Fields& fields) {
  if (fields.title) offer.title = *fields.title;
  if (fields.description) offer.description = *fields.description;
  if (fields.minimum_quantity) offer.minimum_quantity = *fields.minimum_quantity;
  if (fields.maximum_quantity) offer.maximum_quantity = *fields.maximum_quantity;
  if (fields.components) offer.components = *fields.components;
  if (fields.regions) offer.regions = *fields.regions;
  if (fields.billing_periods) offer.billing_periods = *fields.billing_periods;
}

}  // namespace

bool Offer::IsSoldIn(absl::string_view region) const {
  return regions.empty() || absl::c_linear_search(regions, region);
}

bool Offer::IsBilledEvery(int months) const { return absl::c_linear_search(billing_periods, months); }

const Price* Offer::PriceInForce(absl::string_view currency, absl::Time time) const {
  return FindInForce(prices, currency, time);
}

const Price* Offer::RenewalPrice(absl::string_view currency, absl::Time time) const {
  return PriceInForce(currency, retire_time.has_value() ? std::min(time, *retire_time) : time);
}

const Promotion* Offer::FindPromotion(absl::string_view promotion) const {
  for (const Promotion& written : promotions) {
    if (written.id == promotion) return &written;
  }
  return nullptr;
}

Offer Offer::New(std::string id, const Fields& fields, absl::Time now) {
  Offer offer{.id = std::move(id)};
  Take(offer, fields);
  offer.create_time = offer.update_time = now;
  return offer;
}

absl::StatusOr<Offer> Offer::Update(const Fields& fields, absl::Time now) const {
  RETURN_IF_ERROR(CheckNotRetired());
  Offer next = *this;
  Take(next, fields);
  ++next.version;
  next.update_time = now;
  return next;
}

absl::StatusOr<Offer> Offer::Retire(absl::Time now) const {
  RETURN_IF_ERROR(CheckNotRetired());
  Offer next = *this;
  next.retired = true;
  next.retire_time = now;
  ++next.version;
  next.update_time = now;
  return next;
}

absl::Status Offer::CheckNotRetired() const {
  if (!retired) return absl::OkStatus();
  return FailedPrecondition("OFFER_RETIRED", absl::StrCat("The offer ", id, " is retired. Choose or create another."),
                            {{"offer", absl::StrCat("offers/", id)}});
}

absl::Time PricingTime(const std::optional<Date>& date, absl::Time now) {
  return date.has_value() && *date != DateOf(now) ? StartOf(*date) : now;
}

Uuid CatalogueTenant() { return Uuid::Derived({"catalogue"}); }

Uuid OfferAggregate(absl::string_view offer) { return Uuid::Derived({"catalogue", "offer", offer}); }

Uuid PriceAggregate(absl::string_view offer, absl::string_view price) {
  return Uuid::Derived({"catalogue", "price", offer, price});
}

absl::Status NoSuchOffer(absl::string_view offer) {
  return NotFound("OFFER_NOT_FOUND", "The catalogue has no such offer. ListOffers lists those that it has.",
                  {{"offer", absl::StrCat("offers/", offer)}});
}

absl::Status NoSuchPrice(absl::string_view offer, absl::string_view price) {
  return NotFound("PRICE_NOT_FOUND", "The offer has no such price. ListPrices lists those that it has.",
                  {{"price", absl::StrCat("offers/", offer, "/prices/", price)}});
}

}  // namespace countersign::order
