// countersign.billing.v1.ActivationService: a confirmed order starts its subscriptions and opens its first invoice,
// once.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_SERVICE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/activation_act.h"
#include "billing-service/src/api/activation_requests.h"
#include "billing-service/src/store/activation_store.h"
#include "billing-service/src/store/parked_activation_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/activation_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of activation_service.proto.
class ActivationService final : public v1::ActivationService::Service {
 public:
  // All must outlive the service.
  ActivationService(const rpc::Endpoint& endpoint, events::Committer& committer, const ActivationStore& activations,
                    const ParkedActivationStore& parked, const ActivationAct& act)
      : endpoint_(endpoint), committer_(committer), activations_(activations), parked_(parked), act_(act) {}

  grpc::Status ActivateOrder(grpc::ServerContext* context, const v1::ActivateOrderRequest* request,
                             v1::ActivateOrderResponse* reply) override {
    return endpoint_.Mutate(rpc::LookAfter(Method("ActivateOrder")), context, *request, reply, ParseActivateOrder,
                            std::bind_front(&ActivationService::Activate, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::ActivationService::service_full_name(), name}; }

  absl::StatusOr<v1::ActivateOrderResponse> Activate(const rpc::Call& call, const ActivateOrderCommand& command);
  // The order waits for an operator because of `refusal`.
  absl::StatusOr<v1::ActivateOrderResponse> ParkOrder(const rpc::Call& call, const ActivateOrderCommand& command,
                                                      const absl::Status& refusal);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const ActivationStore& activations_;
  const ParkedActivationStore& parked_;
  const ActivationAct& act_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACTIVATION_SERVICE_H_
