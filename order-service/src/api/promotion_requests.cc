#include "order-service/src/api/promotion_requests.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {
namespace {

constexpr int kMaxPromotionTitleChars = 200;
constexpr int kMaxPromotionCurrencies = 30;

std::vector<Money> RequireUnitPrices(FieldViolations& violations, const std::string& field,
                                     const v1::Promotion& promotion) {
  std::vector<Money> prices;
  if (promotion.unit_prices_size() > kMaxPromotionCurrencies) {
    violations.Add(field, absl::StrCat("must have at most ", kMaxPromotionCurrencies, " entries"));
    return prices;
  }
  for (int i = 0; i < promotion.unit_prices_size(); ++i) {
    prices.push_back(rpc::RequireMoney(violations, absl::StrCat(field, "[", i, "]"), true, promotion.unit_prices(i),
                                       rpc::Sign::kPositive));
  }
  std::sort(prices.begin(), prices.end(),  // As they are stored.
            [](const Money& a, const Money& b) { return a.currency() < b.currency(); });
  return prices;
}

}  // namespace

PromotionName RequirePromotionName(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const std::vector<std::string> parts = absl::StrSplit(value, '/');
  const bool named = parts.size() == 4 && parts[0] == "offers" && parts[2] == "promotions";
  if (named && IsSlug(parts[1]) && IsSlug(parts[3])) return {parts[1], parts[3]};
  violations.Add(field, "must be offers/{offer}/promotions/{promotion}");
  return {};
}

Promotion RequirePromotion(FieldViolations& violations, absl::string_view field, const v1::Promotion& promotion,
                           absl::Time now) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  Promotion required{.create_time = now, .update_time = now};
  required.title = rpc::RequireText(violations, path("title"), promotion.title(), 1, kMaxPromotionTitleChars);
  required.trial_days = rpc::RequireQuantity(violations, path("trial_days"), promotion.trial_days(), 0, kMaxTrialDays);
  required.unit_prices = RequireUnitPrices(violations, path("unit_prices"), promotion);
  required.start_date = DateOf(now);
  if (promotion.has_start_date()) {
    required.start_date = rpc::RequireDate(violations, path("start_date"), true, promotion.start_date());
  }
  required.end_date = rpc::RequireDate(violations, path("end_date"), promotion.has_end_date(), promotion.end_date());
  return required;
}

absl::StatusOr<CreatePromotionCommand> ParseCreatePromotion(const rpc::Call& call,
                                                            const v1::CreatePromotionRequest& request) {
  FieldViolations violations;
  CreatePromotionCommand command;
  command.tenant = CatalogueTenant();
  command.offer = RequireOffer(violations, "parent", request.parent());
  command.promotion = RequirePromotion(violations, "promotion", request.promotion(), call.now());
  command.promotion.id = RequireSlug(violations, "promotion_id", request.promotion_id());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<PromotionName> ParseGetPromotion(const rpc::Call&, const v1::GetPromotionRequest& request) {
  FieldViolations violations;
  PromotionName name = RequirePromotionName(violations, "name", request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  return name;
}

absl::StatusOr<ListPromotionsCommand> ParseListPromotions(const rpc::Call& call,
                                                          const v1::ListPromotionsRequest& request) {
  FieldViolations violations;
  ListPromotionsCommand command;
  command.offer = RequireOffer(violations, "parent", request.parent());
  command.list = rpc::RequireListing(violations, call, request, PromotionFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<EndPromotionCommand> ParseEndPromotion(const rpc::Call&, const v1::EndPromotionRequest& request) {
  FieldViolations violations;
  EndPromotionCommand command;
  command.tenant = CatalogueTenant();
  command.name = RequirePromotionName(violations, "name", request.name());
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::order
