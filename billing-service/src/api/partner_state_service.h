// countersign.billing.v1.PartnerStateService: the copy of the partners' standing on which fees are accrued and held.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/partner_state_requests.h"
#include "billing-service/src/store/fee_hold_store.h"
#include "billing-service/src/store/partner_state_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/partner_state_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of partner_state_service.proto.
class PartnerStateService final : public v1::PartnerStateService::Service {
 public:
  // All must outlive the service.
  PartnerStateService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStateStore& states,
                      const FeeHoldStore& holds)
      : endpoint_(endpoint), committer_(committer), states_(states), holds_(holds) {}

  grpc::Status ApplyPartnerState(grpc::ServerContext* context, const v1::ApplyPartnerStateRequest* request,
                                 v1::ApplyPartnerStateResponse* reply) override {
    return endpoint_.Mutate(Method("ApplyPartnerState"), context, *request, reply, ParseApplyPartnerState,
                            std::bind_front(&PartnerStateService::Apply, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PartnerStateService::service_full_name(), name}; }

  absl::StatusOr<v1::ApplyPartnerStateResponse> Apply(const rpc::Call& call, const ApplyPartnerStateCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStateStore& states_;
  const FeeHoldStore& holds_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_STATE_SERVICE_H_
