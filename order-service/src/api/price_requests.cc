#include "order-service/src/api/price_requests.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {
namespace {

constexpr int kMaxNoteChars = 500;

PriceTier RequireTier(FieldViolations& violations, absl::string_view field, const v1::Price::Tier& tier,
                      const std::string& currency) {
  PriceTier required;
  required.minimum_quantity =
      rpc::RequireQuantity(violations, absl::StrCat(field, ".minimum_quantity"), tier.minimum_quantity());
  const std::string price = absl::StrCat(field, ".unit_price");
  required.unit_price =
      rpc::RequireMoney(violations, price, tier.has_unit_price(), tier.unit_price(), rpc::Sign::kPositive);
  if (!required.unit_price.currency().empty() && required.unit_price.currency() != currency) {
    violations.Add(absl::StrCat(price, ".currency_code"), "must be the price's currency_code");
  }
  return required;
}

}  // namespace

Price RequirePrice(FieldViolations& violations, absl::string_view field, const v1::Price& price, absl::Time now) {
  Price required;
  required.currency = rpc::RequireCurrency(violations, absl::StrCat(field, ".currency_code"), price.currency_code());
  required.effective_time = required.publish_time = now;
  if (price.has_effective_time()) {
    required.effective_time =
        rpc::RequireTime(violations, absl::StrCat(field, ".effective_time"), true, price.effective_time());
  }
  required.note = rpc::RequireText(violations, absl::StrCat(field, ".note"), price.note(), 0, kMaxNoteChars);
  if (price.tiers_size() > static_cast<int>(kMaxTiers)) {
    violations.Add(absl::StrCat(field, ".tiers"), absl::StrCat("must be 1 to ", kMaxTiers));
    return required;
  }
  for (int i = 0; i < price.tiers_size(); ++i) {
    required.tiers.push_back(
        RequireTier(violations, absl::StrCat(field, ".tiers[", i, "]"), price.tiers(i), required.currency));
  }
  return required;
}

absl::StatusOr<CreatePriceCommand> ParseCreatePrice(const rpc::Call& call, const v1::CreatePriceRequest& request) {
  FieldViolations violations;
  CreatePriceCommand command;
  command.tenant = CatalogueTenant();
  command.offer = RequireOffer(violations, "parent", request.parent());
  command.price = RequirePrice(violations, "price", request.price(), call.now());
  command.price.id = RequireSlug(violations, "price_id", request.price_id());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetPriceCommand> ParseGetPrice(const rpc::Call&, const v1::GetPriceRequest& request) {
  const std::vector<std::string> parts = absl::StrSplit(request.name(), '/');
  if (parts.size() != 4 || parts[0] != "offers" || parts[2] != "prices" || !IsSlug(parts[1]) || !IsSlug(parts[3])) {
    return InvalidField("name", "must be offers/{offer}/prices/{price}");
  }
  return GetPriceCommand{.offer = parts[1], .price = parts[3]};
}

absl::StatusOr<ListPricesCommand> ParseListPrices(const rpc::Call& call, const v1::ListPricesRequest& request) {
  FieldViolations violations;
  ListPricesCommand command;
  command.offer = RequireOffer(violations, "parent", request.parent());
  command.list = rpc::RequireListing(violations, call, request, PriceFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ResolvePriceCommand> ParseResolvePrice(const rpc::Call&, const v1::ResolvePriceRequest& request) {
  FieldViolations violations;
  std::string offer = RequireOffer(violations, "offer", request.offer());
  PriceQuestion question{.currency = RequirePriceCurrency(violations, request.currency_code()),
                         .region = RegionIfGiven(violations, "region_code", request.region_code()),
                         .quantity = *Quantity::Of(1)};
  const absl::StatusOr<Quantity> quantity = Quantity::Of(request.quantity());
  violations.AddIfError("quantity", quantity.status());
  if (quantity.ok()) question.quantity = *quantity;
  if (request.has_date()) question.date = rpc::RequireDate(violations, "date", true, request.date());
  question.renewal = request.renewal();
  RETURN_IF_ERROR(violations.ToStatus());
  return ResolvePriceCommand{.offer = std::move(offer), .question = std::move(question)};
}

}  // namespace countersign::order
