// Requests about prices, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/order/v1/price_service.pb.h"
#include "order-service/src/domain/price_resolution.h"

namespace countersign::order {

// A version to be published at `now`: its effective_time is then where it is left out. Violations are under `field`.
// That the time is not in the past is asked later: a repeated request gets its first reply.
Price RequirePrice(FieldViolations& violations, absl::string_view field, const v1::Price& price, absl::Time now);

struct CreatePriceCommand {
  Uuid tenant;  // The catalogue.
  std::string offer;
  Price price;
};
absl::StatusOr<CreatePriceCommand> ParseCreatePrice(const rpc::Call& call, const v1::CreatePriceRequest& request);

struct GetPriceCommand {
  std::string offer;
  std::string price;
};
absl::StatusOr<GetPriceCommand> ParseGetPrice(const rpc::Call& call, const v1::GetPriceRequest& request);

struct ListPricesCommand {
  std::string offer;
  rpc::Listing list;
};
absl::StatusOr<ListPricesCommand> ParseListPrices(const rpc::Call& call, const v1::ListPricesRequest& request);

struct ResolvePriceCommand {
  std::string offer;
  PriceQuestion question;
};
absl::StatusOr<ResolvePriceCommand> ParseResolvePrice(const rpc::Call& call, const v1::ResolvePriceRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_REQUESTS_H_
