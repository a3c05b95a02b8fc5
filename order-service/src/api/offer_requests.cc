#include "order-service/src/api/offer_requests.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/names.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {
namespace {

constexpr int kMaxOfferTitleChars = 200;
constexpr int kMaxDescriptionChars = 300;
constexpr absl::string_view kOfferUpdatable[] = {"title",      "description", "minimum_quantity", "maximum_quantity",
                                                 "components", "regions",     "billing_periods"};

std::vector<std::string> RequireComponents(FieldViolations& violations, absl::string_view field,
                                           const v1::Offer& offer) {
  std::vector<std::string> components;
  if (offer.components_size() > static_cast<int>(kMaxComponents)) {
    violations.Add(field, absl::StrCat("must have at most ", kMaxComponents, " entries"));
    return components;
  }
  for (int i = 0; i < offer.components_size(); ++i) {
    components.push_back(RequireOffer(violations, absl::StrCat(field, "[", i, "]"), offer.components(i)));
  }
  return components;
}

std::vector<std::string> RequireRegions(FieldViolations& violations, absl::string_view field, const v1::Offer& offer) {
  std::set<std::string> regions;  // In one order, however they are given.
  if (offer.regions_size() > static_cast<int>(kMaxRegions)) {
    violations.Add(field, absl::StrCat("must have at most ", kMaxRegions, " entries"));
    return {};
  }
  for (int i = 0; i < offer.regions_size(); ++i) {
    regions.insert(rpc::RequireCountry(violations, absl::StrCat(field, "[", i, "]"), offer.regions(i)));
  }
  return {regions.begin(), regions.end()};
}

std::vector<int> RequireBillingPeriods(FieldViolations& violations, absl::string_view field, const v1::Offer& offer) {
  std::set<int> months;
  for (int i = 0; i < offer.billing_periods_size(); ++i) {
    const v1::Order::BillingPeriod period = offer.billing_periods(i);
    if (period == v1::Order::BILLING_PERIOD_MONTHLY || period == v1::Order::BILLING_PERIOD_ANNUAL) {
      months.insert(period == v1::Order::BILLING_PERIOD_ANNUAL ? 12 : 1);
    } else {
      violations.Add(absl::StrCat(field, "[", i, "]"), "must be BILLING_PERIOD_MONTHLY or BILLING_PERIOD_ANNUAL");
    }
  }
  if (offer.billing_periods().empty()) months = {1, 12};
  return {months.begin(), months.end()};
}

}  // namespace

std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view slug = value;
  if (!absl::ConsumePrefix(&slug, kOfferPrefix) || !IsSlug(slug)) {
    violations.Add(field, "must be offers/{offer}, a lower-case slug of the catalogue");
  }
  return std::string(slug);
}

std::string RequireSlug(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  if (!IsSlug(value)) {
    violations.Add(field, absl::StrCat("must be 1 to ", kMaxSlugBytes, " of a–z, 0–9 and hyphen"));
  }
  return std::string(value);
}

std::string RegionIfGiven(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  return value.empty() ? "" : rpc::RequireCountry(violations, field, value);
}

std::string RequirePriceCurrency(FieldViolations& violations, const std::string& asked) {
  return rpc::RequireCurrency(violations, "currency_code", asked.empty() ? "USD" : asked);
}

Offer::Fields RequireOfferFields(FieldViolations& violations, absl::string_view field, const v1::Offer& offer,
                                 const rpc::UpdateMask& mask) {
  Offer::Fields fields;
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  if (mask.Has("title")) {
    fields.title = rpc::RequireText(violations, path("title"), offer.title(), 1, kMaxOfferTitleChars);
  }
  if (mask.Has("description")) {
    fields.description =
        rpc::RequireText(violations, path("description"), offer.description(), 1, kMaxDescriptionChars);
  }
  if (mask.Has("minimum_quantity")) {
    fields.minimum_quantity = rpc::RequireQuantity(violations, path("minimum_quantity"),
                                                   offer.minimum_quantity() == 0 ? 1 : offer.minimum_quantity());
  }
  if (mask.Has("maximum_quantity")) {
    fields.maximum_quantity =
        rpc::RequireQuantity(violations, path("maximum_quantity"),
                             offer.maximum_quantity() == 0 ? Quantity::kMax : offer.maximum_quantity());
  }
  if (mask.Has("components")) fields.components = RequireComponents(violations, path("components"), offer);
  if (mask.Has("regions")) fields.regions = RequireRegions(violations, path("regions"), offer);
  if (mask.Has("billing_periods")) {
    fields.billing_periods = RequireBillingPeriods(violations, path("billing_periods"), offer);
  }
  return fields;
}

Offer::Fields RequireNewOffer(FieldViolations& violations, absl::string_view field, const v1::Offer& offer) {
  return RequireOfferFields(violations, field, offer, rpc::UpdateMask::All(kOfferUpdatable));
}

absl::StatusOr<ListOffersCommand> ParseListOffers(const rpc::Call& call, const v1::ListOffersRequest& request) {
  FieldViolations violations;
  ListOffersCommand command;
  command.currency = RequirePriceCurrency(violations, request.currency_code());
  command.list = rpc::RequireListing(violations, call, request, OfferFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetOfferCommand> ParseGetOffer(const rpc::Call&, const v1::GetOfferRequest& request) {
  FieldViolations violations;
  GetOfferCommand command;
  command.offer = RequireOffer(violations, "name", request.name());
  command.currency = RequirePriceCurrency(violations, request.currency_code());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<CreateOfferCommand> ParseCreateOffer(const rpc::Call&, const v1::CreateOfferRequest& request) {
  FieldViolations violations;
  CreateOfferCommand command;
  command.tenant = CatalogueTenant();
  command.offer = RequireSlug(violations, "offer_id", request.offer_id());
  command.fields = RequireNewOffer(violations, "offer", request.offer());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ChangeOfferCommand> ParseUpdateOffer(const rpc::Call&, const v1::UpdateOfferRequest& request) {
  FieldViolations violations;
  const v1::Offer& offer = request.offer();
  ChangeOfferCommand command{.tenant = CatalogueTenant(),
                             .offer = RequireOffer(violations, "offer.name", offer.name())};
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), offer, kOfferUpdatable);
  command.fields = RequireOfferFields(violations, "offer", offer, mask);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ChangeOfferCommand> ParseRetireOffer(const rpc::Call&, const v1::RetireOfferRequest& request) {
  FieldViolations violations;
  ChangeOfferCommand command{.tenant = CatalogueTenant(), .offer = RequireOffer(violations, "name", request.name())};
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::order
