// Requests of OrderService, checked and in the domain's types. Each Parse… collects every violation before it fails,
// and refuses a name outside the calling partner with NOT_FOUND.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_REQUESTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/fields.h"
#include "countersign/order/v1/order_service.pb.h"
#include "order-service/src/api/names.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/domain/partner_state.h"
#include "order-service/src/domain/pricing.h"

namespace countersign::order {

// The slug of "offers/{offer}".
std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value);

// OrderTerms before they are priced.
struct RequestedTerms {
  std::string currency;
  std::vector<RequestedLine> lines;
  int billing_period_months = 1;
  std::optional<Date> requested_start;
  std::string partner_reference;
};

struct CreateOrderCommand {
  Uuid tenant;  // The partner.
  Uuid order;   // The id that the order will have.
  Uuid customer;
  RequestedTerms terms;
};
absl::StatusOr<CreateOrderCommand> ParseCreateOrder(const rpc::Call& call, const v1::CreateOrderRequest& request);

struct ReviseOrderCommand {
  Uuid tenant;
  OrderName name;
  RequestedTerms terms;
  std::string customer;  // As given; these two cannot change, and empty means as they are.
  std::string partner_of_record;
  std::string etag;
};
absl::StatusOr<ReviseOrderCommand> ParseReviseOrder(const rpc::Call& call, const v1::ReviseOrderRequest& request);

struct GetOrderCommand {
  OrderName name;
};
absl::StatusOr<GetOrderCommand> ParseGetOrder(const rpc::Call& call, const v1::GetOrderRequest& request);

// Of SubmitOrder and of ReissueLink, whose requests are alike.
struct SubmitOrderCommand {
  Uuid tenant;
  OrderName name;
  std::string etag;
};
template <typename Request>
absl::StatusOr<SubmitOrderCommand> ParseSubmitOrder(const rpc::Call& call, const Request& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kOrderName, request.name());
  if (!violations.empty()) return violations.ToStatus();
  if (const absl::Status own = call.RequirePartner(ids[0]); !own.ok()) return own;
  return SubmitOrderCommand{.tenant = ids[0], .name = {ids[0], ids[1]}, .etag = request.etag()};
}

struct CancelOrderCommand {
  Uuid tenant;
  OrderName name;
  std::string reason;
  std::string etag;
};
absl::StatusOr<CancelOrderCommand> ParseCancelOrder(const rpc::Call& call, const v1::CancelOrderRequest& request);

struct ConfirmOrderCommand {
  Uuid tenant;
  OrderName name;
  Press press;
  Acceptance acceptance;
};
absl::StatusOr<ConfirmOrderCommand> ParseConfirmOrder(const rpc::Call& call, const v1::ConfirmOrderRequest& request);

struct DeclineOrderCommand {
  Uuid tenant;
  OrderName name;
  Press press;
  std::string reason;
};
absl::StatusOr<DeclineOrderCommand> ParseDeclineOrder(const rpc::Call& call, const v1::DeclineOrderRequest& request);

struct ApplyPartnerStateCommand {
  Uuid tenant;  // The partner.
  PartnerState state;
  partner::v1::Partner::State partner_state =
      partner::v1::Partner::STATE_UNSPECIFIED;  // For the record and the reason; `state` decides.
  std::string reason;
};
absl::StatusOr<ApplyPartnerStateCommand> ParseApplyPartnerState(const rpc::Call& call,
                                                                const v1::ApplyPartnerStateRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_REQUESTS_H_
