// countersign.order.v1.ActivationOutcomeService: what billing-service tells of orders.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_OUTCOME_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_OUTCOME_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/activation_outcome_service.grpc.pb.h"
#include "order-service/src/api/activation_outcome_requests.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe; asks no peer. Errors are those of activation_outcome_service.proto.
class ActivationOutcomeService final : public v1::ActivationOutcomeService::Service {
 public:
  // All must outlive the service.
  ActivationOutcomeService(const rpc::Endpoint& endpoint, events::Committer& committer, const OrderStore& orders)
      : endpoint_(endpoint), committer_(committer), orders_(orders) {}

  grpc::Status ApplyActivationOutcome(grpc::ServerContext* context, const v1::ApplyActivationOutcomeRequest* request,
                                      v1::ApplyActivationOutcomeResponse* reply) override {
    return endpoint_.Mutate(Method("ApplyActivationOutcome"), context, *request, reply, ParseApplyActivationOutcome,
                            std::bind_front(&ActivationOutcomeService::Apply, this));
  }
  grpc::Status ExpireWaitingChange(grpc::ServerContext* context, const v1::ExpireWaitingChangeRequest* request,
                                   v1::ExpireWaitingChangeResponse* reply) override {
    return endpoint_.Mutate(Method("ExpireWaitingChange"), context, *request, reply, ParseExpireWaitingChange,
                            std::bind_front(&ActivationOutcomeService::ExpireWaiting, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::ActivationOutcomeService::service_full_name(), name};
  }

  absl::StatusOr<v1::ApplyActivationOutcomeResponse> Apply(const rpc::Call& call,
                                                           const ApplyActivationOutcomeCommand& command);

  absl::StatusOr<v1::ExpireWaitingChangeResponse> ExpireWaiting(const rpc::Call& call,
                                                                const ExpireWaitingChangeCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const OrderStore& orders_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ACTIVATION_OUTCOME_SERVICE_H_
