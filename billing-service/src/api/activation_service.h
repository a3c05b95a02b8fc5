// countersign.billing.v1.ActivationService: a confirmed order starts its subscriptions and opens its first invoice,
// once.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/activation_requests.h"
#include "billing-service/src/store/activation_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/activation_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of activation_service.proto.
class ActivationService final : public v1::ActivationService::Service {
 public:
  // All must outlive the service.
  ActivationService(const rpc::Endpoint& endpoint, events::Committer& committer, const ActivationStore& activations,
                    const BillingAccountStore& accounts, const SubscriptionStore& subscriptions)
      : endpoint_(endpoint),
        committer_(committer),
        activations_(activations),
        accounts_(accounts),
        subscriptions_(subscriptions) {}

  grpc::Status ActivateOrder(grpc::ServerContext* context, const v1::ActivateOrderRequest* request,
                             v1::ActivateOrderResponse* reply) override {
    return endpoint_.Mutate(Method("ActivateOrder"), context, *request, reply, ParseActivateOrder,
                            std::bind_front(&ActivationService::Activate, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::ActivationService::service_full_name(), name}; }

  absl::StatusOr<v1::ActivateOrderResponse> Activate(const rpc::Call& call, const ActivateOrderCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const ActivationStore& activations_;
  const BillingAccountStore& accounts_;
  const SubscriptionStore& subscriptions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_SERVICE_H_
