// countersign.order.v1.PartnerStateService: the copy of the partners' standing on which orders are decided.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PARTNER_STATE_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PARTNER_STATE_SERVICE_H_

#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/partner_state_service.grpc.pb.h"
#include "order-service/src/api/partner_state_requests.h"
#include "order-service/src/store/partner_state_store.h"

namespace countersign::order {

// Thread-safe; asks no peer. Errors are those of partner_state_service.proto.
class PartnerStateService final : public v1::PartnerStateService::Service {
 public:
  // `withdraw` is told of every partner that is not active any more, once that is committed, so that the worker need
  // not wait for its turn; may be empty. The others must outlive the service.
  PartnerStateService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStateStore& states,
                      std::function<void(const Uuid& partner)> withdraw)
      : endpoint_(endpoint), committer_(committer), states_(states), withdraw_(std::move(withdraw)) {}

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
  const std::function<void(const Uuid& partner)> withdraw_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PARTNER_STATE_SERVICE_H_
