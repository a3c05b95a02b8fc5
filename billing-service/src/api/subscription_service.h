// countersign.billing.v1.SubscriptionService: what customers have bought and are billed for.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of subscription_service.proto.
class SubscriptionService final : public v1::SubscriptionService::Service {
 public:
  // All must outlive the service.
  SubscriptionService(const rpc::Endpoint& endpoint, const SubscriptionStore& subscriptions)
      : endpoint_(endpoint), subscriptions_(subscriptions) {}

  grpc::Status GetSubscription(grpc::ServerContext* context, const v1::GetSubscriptionRequest* request,
                               v1::Subscription* reply) override {
    return endpoint_.Read(Method("GetSubscription"), context, *request, reply, rpc::ParseNamed{kSubscriptionName},
                          std::bind_front(&SubscriptionService::Get, this));
  }
  grpc::Status ListSubscriptions(grpc::ServerContext* context, const v1::ListSubscriptionsRequest* request,
                                 v1::ListSubscriptionsResponse* reply) override {
    return endpoint_.Read(Method("ListSubscriptions"), context, *request, reply,
                          rpc::ParseList{kAccountName, SubscriptionFilterFields()},
                          std::bind_front(&SubscriptionService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::SubscriptionService::service_full_name(), name}; }

  absl::StatusOr<v1::Subscription> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListSubscriptionsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  const SubscriptionStore& subscriptions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_SERVICE_H_
