// countersign.billing.v1.FeeHoldService: what holds partners' fees back.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/fee_hold_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/fee_hold_store.h"
#include "billing-service/src/store/partner_state_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/fee_hold_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of fee_hold_service.proto.
class FeeHoldService final : public v1::FeeHoldService::Service {
 public:
  // All must outlive the service.
  FeeHoldService(const rpc::Endpoint& endpoint, events::Committer& committer, const FeeHoldStore& holds,
                 const PartnerStateStore& states, const SubscriptionStore& subscriptions)
      : endpoint_(endpoint), committer_(committer), holds_(holds), states_(states), subscriptions_(subscriptions) {}

  grpc::Status ListFeeHolds(grpc::ServerContext* context, const v1::ListFeeHoldsRequest* request,
                            v1::ListFeeHoldsResponse* reply) override {
    return endpoint_.Read(Method("ListFeeHolds"), context, *request, reply, ParseListFeeHolds,
                          std::bind_front(&FeeHoldService::List, this));
  }
  grpc::Status SetFeeHold(grpc::ServerContext* context, const v1::SetFeeHoldRequest* request,
                          v1::FeeHold* reply) override {
    return endpoint_.Mutate(Method("SetFeeHold"), context, *request, reply, ParseSetFeeHold,
                            std::bind_front(&FeeHoldService::Set, this));
  }
  grpc::Status ReleaseFeeHold(grpc::ServerContext* context, const v1::ReleaseFeeHoldRequest* request,
                              v1::FeeHold* reply) override {
    return endpoint_.Mutate(Method("ReleaseFeeHold"), context, *request, reply, rpc::ParseTransition{kFeeHoldName},
                            std::bind_front(&FeeHoldService::Release, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::FeeHoldService::service_full_name(), name}; }

  absl::StatusOr<v1::ListFeeHoldsResponse> List(const rpc::Call& call, const ListFeeHoldsCommand& command) const;
  absl::StatusOr<v1::FeeHold> Set(const rpc::Call& call, const SetFeeHoldCommand& command);
  absl::StatusOr<v1::FeeHold> Release(const rpc::Call& call, const rpc::NamedResource& named);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const FeeHoldStore& holds_;
  const PartnerStateStore& states_;
  const SubscriptionStore& subscriptions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HOLD_SERVICE_H_
