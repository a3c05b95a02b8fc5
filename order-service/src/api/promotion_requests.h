// Requests about promotions, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/order/v1/promotion_service.pb.h"
#include "order-service/src/domain/promotion.h"

namespace countersign::order {

// The slugs of "offers/{offer}/promotions/{promotion}".
struct PromotionName {
  std::string offer;
  std::string promotion;
};
PromotionName RequirePromotionName(FieldViolations& violations, absl::string_view field, absl::string_view value);

// A promotion to be written at `now`: open from its date on where start_date is left out. Violations are under `field`.
Promotion RequirePromotion(FieldViolations& violations, absl::string_view field, const v1::Promotion& promotion,
                           absl::Time now);

struct CreatePromotionCommand {
  Uuid tenant;  // The catalogue.
  std::string offer;
  Promotion promotion;
};
absl::StatusOr<CreatePromotionCommand> ParseCreatePromotion(const rpc::Call& call,
                                                            const v1::CreatePromotionRequest& request);

absl::StatusOr<PromotionName> ParseGetPromotion(const rpc::Call& call, const v1::GetPromotionRequest& request);

struct ListPromotionsCommand {
  std::string offer;
  rpc::Listing list;
};
absl::StatusOr<ListPromotionsCommand> ParseListPromotions(const rpc::Call& call,
                                                          const v1::ListPromotionsRequest& request);

struct EndPromotionCommand {
  Uuid tenant;  // The catalogue.
  PromotionName name;
  std::string reason;
  std::string etag;
};
absl::StatusOr<EndPromotionCommand> ParseEndPromotion(const rpc::Call& call, const v1::EndPromotionRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_REQUESTS_H_
