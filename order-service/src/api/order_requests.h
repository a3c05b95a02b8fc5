// Requests of OrderService, checked and in the domain's types. Each Parse… collects every violation before it fails,
// and refuses a name outside the calling partner with NOT_FOUND.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_REQUESTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "common/rpc/update_mask.h"
#include "countersign/order/v1/order_service.pb.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/domain/pricing.h"

namespace countersign::order {

inline constexpr int kMaxPurchaseOrderChars = 64;

// OrderTerms before they are priced, and what kind of order they are of.
struct RequestedTerms {
  OrderKind kind = OrderKind::kNew;
  std::string currency;
  std::vector<RequestedLine> lines;
  int billing_period_months = 1;
  std::optional<Date> requested_start;
  std::string partner_reference;
  std::string customer_note;
  std::string purchase_order_number;
  std::string region;
};

struct CreateOrderCommand {
  Uuid tenant;  // The partner.
  Uuid customer;
  RequestedTerms terms;
};
absl::StatusOr<CreateOrderCommand> ParseCreateOrder(const rpc::Call& call, const v1::CreateOrderRequest& request);

struct ListOrdersCommand {
  std::optional<Uuid> partner;  // None: all partners.
  rpc::Listing list;
};
// Refuses another partner's orders, and to partners those of all, with NOT_FOUND.
absl::StatusOr<ListOrdersCommand> ParseListOrders(const rpc::Call& call, const v1::ListOrdersRequest& request);

// The order of a PreviewOrder is that of a CreateOrder that is never written.
absl::StatusOr<CreateOrderCommand> ParsePreviewOrder(const rpc::Call& call, const v1::PreviewOrderRequest& request);

struct UpdateOrderCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  v1::Order order;  // As given: only what the mask names is looked at.
  rpc::UpdateMask mask;
  std::string etag;
};
absl::StatusOr<UpdateOrderCommand> ParseUpdateOrder(const rpc::Call& call, const v1::UpdateOrderRequest& request);

// The order's terms with what the command changes in them. Error: INVALID_ARGUMENT with every violation.
absl::StatusOr<RequestedTerms> UpdatedTerms(const UpdateOrderCommand& command, const Order& before);

struct SubmitOrderCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  int valid_days = kDefaultValidDays;
  std::string etag;
};
absl::StatusOr<SubmitOrderCommand> ParseSubmitOrder(const rpc::Call& call, const v1::SubmitOrderRequest& request);

struct OrderRevisionName {
  OrderName order;
  int64_t revision = 0;
};
absl::StatusOr<OrderRevisionName> ParseGetOrderRevision(const rpc::Call& call,
                                                        const v1::GetOrderRevisionRequest& request);

struct SearchOrdersCommand {
  std::optional<Uuid> partner;  // None: all partners.
  std::string query;
  std::optional<Uuid> account;  // Set if the query is a billing account's name.
};
absl::StatusOr<SearchOrdersCommand> ParseSearchOrders(const rpc::Call& call, const v1::SearchOrdersRequest& request);

struct ListSellableOffersCommand {
  std::string customer;  // Its name.
  std::string currency;
  std::string region;  // Empty: any.
  rpc::Listing list;
};
absl::StatusOr<ListSellableOffersCommand> ParseListSellableOffers(const rpc::Call& call,
                                                                  const v1::ListSellableOffersRequest& request);

struct ExtendExpiryCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  absl::Time expire_time;
  std::string etag;
};
absl::StatusOr<ExtendExpiryCommand> ParseExtendExpiry(const rpc::Call& call, const v1::ExtendExpiryRequest& request);

struct ReviseOrderCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  RequestedTerms terms;
  std::string customer;  // As given; these two cannot change, and empty means as they are.
  std::string partner_of_record;
  std::string etag;
};
absl::StatusOr<ReviseOrderCommand> ParseReviseOrder(const rpc::Call& call, const v1::ReviseOrderRequest& request);

struct ConfirmOrderCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  Press press;
  Acceptance acceptance;
  bool contact_verified = false;
};
absl::StatusOr<ConfirmOrderCommand> ParseConfirmOrder(const rpc::Call& call, const v1::ConfirmOrderRequest& request);

struct DeclineOrderCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  Press press;
  std::string reason;
};
absl::StatusOr<DeclineOrderCommand> ParseDeclineOrder(const rpc::Call& call, const v1::DeclineOrderRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ORDER_REQUESTS_H_
