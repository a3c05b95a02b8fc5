// The stories that give the order to its customer: SubmitOrder and ReissueLink. Both end in a link whose URL is shown
// once; link-service keeps it sealed for replays, this service never stores it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_SUBMIT_HANDLERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_SUBMIT_HANDLERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/order_service.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "order-service/src/api/order_requests.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/clients/partner_client.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/store/catalogue_store.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of the methods in order_service.proto.
class SubmitHandlers {
 public:
  // All must outlive the handlers.
  SubmitHandlers(CatalogueStore& catalogue, OrderStore& orders, PartnerClient& partners, BillingClient& billing,
                 LinkClient& links)
      : catalogue_(catalogue), orders_(orders), partners_(partners), billing_(billing), links_(links) {}

  absl::StatusOr<v1::SubmitOrderResponse> Submit(const rpc::Call& call, const SubmitOrderCommand& command);
  absl::StatusOr<v1::SubmitOrderResponse> ReissueLink(const rpc::Call& call, const SubmitOrderCommand& command);

  // Adds the URL to a stored reply of either, by asking link-service the same again.
  // Error: FAILED_PRECONDITION SECRET_NO_LONGER_SHOWN when it can no longer be told.
  absl::Status RestoreUrl(const rpc::Call& call, v1::SubmitOrderResponse& reply);

 private:
  struct IssuedLink {
    Uuid id;
    std::string url;
  };

  // The order submitted with the prices of now.
  absl::StatusOr<Order> PriceAndSubmit(const rpc::Call& call, const Order& draft);
  // What partner-service says of the order's seller: OK when it may have this order confirmed.
  absl::StatusOr<partner::v1::CheckSellerResponse> CheckSeller(const rpc::Call& call, const Order& order,
                                                               const PartnerState& known);
  absl::Status CheckActivation(const rpc::Call& call, const Order& order);
  absl::StatusOr<IssuedLink> IssueLink(const rpc::Call& call, const Order& order,
                                       const partner::v1::CheckSellerResponse& seller);

  CatalogueStore& catalogue_;
  OrderStore& orders_;
  PartnerClient& partners_;
  BillingClient& billing_;
  LinkClient& links_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_SUBMIT_HANDLERS_H_
