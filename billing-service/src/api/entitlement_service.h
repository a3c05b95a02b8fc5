// countersign.billing.v1.EntitlementService: what is provided to whom.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/api/entitlement_feed.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/entitlement_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of entitlement_service.proto.
class EntitlementService final
    : public v1::EntitlementService::WithCallbackMethod_WatchEntitlements<v1::EntitlementService::Service> {
 public:
  // All must outlive the service, which must outlive the server.
  EntitlementService(const rpc::Endpoint& endpoint, mysql::Database& database, const SubscriptionStore& subscriptions,
                     OrderClient& orders)
      : endpoint_(endpoint),
        subscriptions_(subscriptions),
        orders_(orders),
        feed_(endpoint, database, subscriptions, orders) {}

  grpc::Status ListEntitlements(grpc::ServerContext* context, const v1::ListEntitlementsRequest* request,
                                v1::ListEntitlementsResponse* reply) override {
    return endpoint_.Read(Method("ListEntitlements"), context, *request, reply,
                          ParseAccountList{SubscriptionFilterFields()},
                          std::bind_front(&EntitlementService::List, this));
  }

  grpc::ServerWriteReactor<v1::EntitlementChange>* WatchEntitlements(
      grpc::CallbackServerContext* context, const v1::WatchEntitlementsRequest* request) override {
    return feed_.Watch(*context, *request);
  }

  // Ends every stream and refuses new ones.
  void StopStreams() { feed_.Stop(); }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::EntitlementService::service_full_name(), name}; }

  absl::StatusOr<v1::ListEntitlementsResponse> List(const rpc::Call& call, const AccountList& command) const;

  const rpc::Endpoint& endpoint_;
  const SubscriptionStore& subscriptions_;
  OrderClient& orders_;
  EntitlementFeed feed_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_SERVICE_H_
