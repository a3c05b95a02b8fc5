// countersign.billing.v1.ParkedActivationService: confirmed orders that wait for an operator.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_SERVICE_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/api/activation_act.h"
#include "billing-service/src/api/parked_activation_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/parked_activation_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/parked_activation_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of parked_activation_service.proto.
class ParkedActivationService final : public v1::ParkedActivationService::Service {
 public:
  // All must outlive the service.
  ParkedActivationService(const rpc::Endpoint& endpoint, events::Committer& committer,
                          const ParkedActivationStore& parked, const ActivationAct& act)
      : endpoint_(endpoint), committer_(committer), parked_(parked), act_(act) {}

  grpc::Status GetParkedActivation(grpc::ServerContext* context, const v1::GetParkedActivationRequest* request,
                                   v1::ParkedActivation* reply) override {
    return endpoint_.Read(Method("GetParkedActivation"), context, *request, reply,
                          rpc::ParseNamed{kParkedActivationName}, std::bind_front(&ParkedActivationService::Get, this));
  }
  grpc::Status ListParkedActivations(grpc::ServerContext* context, const v1::ListParkedActivationsRequest* request,
                                     v1::ListParkedActivationsResponse* reply) override {
    return endpoint_.Read(Method("ListParkedActivations"), context, *request, reply,
                          ParseAccountList{ParkedActivationFilterFields()},
                          std::bind_front(&ParkedActivationService::List, this));
  }
  grpc::Status RetryActivation(grpc::ServerContext* context, const v1::RetryActivationRequest* request,
                               v1::ParkedActivation* reply) override {
    return endpoint_.Mutate(Method("RetryActivation"), context, *request, reply, ParseRetryActivation,
                            std::bind_front(&ParkedActivationService::Retry, this));
  }
  grpc::Status AbandonActivation(grpc::ServerContext* context, const v1::AbandonActivationRequest* request,
                                 v1::ParkedActivation* reply) override {
    return endpoint_.Mutate(Method("AbandonActivation"), context, *request, reply,
                            rpc::ParseTransition{kParkedActivationName},
                            std::bind_front(&ParkedActivationService::Abandon, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::ParkedActivationService::service_full_name(), name};
  }

  absl::StatusOr<v1::ParkedActivation> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListParkedActivationsResponse> List(const rpc::Call& call, const AccountList& command) const;
  absl::StatusOr<v1::ParkedActivation> Retry(const rpc::Call& call, const RetryActivationCommand& command);
  absl::StatusOr<v1::ParkedActivation> Abandon(const rpc::Call& call, const rpc::NamedResource& named);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const ParkedActivationStore& parked_;
  const ActivationAct& act_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARKED_ACTIVATION_SERVICE_H_
