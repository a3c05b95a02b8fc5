// countersign.billing.v1.DunningService: accounts that do not pay.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/dunning_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/dunning_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/dunning_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of dunning_service.proto.
class DunningService final : public v1::DunningService::Service {
 public:
  // All must outlive the service.
  DunningService(const rpc::Endpoint& endpoint, events::Committer& committer, const BillingAccountStore& accounts,
                 const DunningStore& dunnings)
      : endpoint_(endpoint), committer_(committer), accounts_(accounts), dunnings_(dunnings) {}

  grpc::Status GetDunning(grpc::ServerContext* context, const v1::GetDunningRequest* request,
                          v1::Dunning* reply) override {
    return endpoint_.Read(Method("GetDunning"), context, *request, reply, rpc::ParseNamed{kDunningName},
                          std::bind_front(&DunningService::Get, this));
  }
  grpc::Status ListDunnings(grpc::ServerContext* context, const v1::ListDunningsRequest* request,
                            v1::ListDunningsResponse* reply) override {
    return endpoint_.Read(Method("ListDunnings"), context, *request, reply, rpc::ParseList{"", DunningFilterFields()},
                          std::bind_front(&DunningService::List, this));
  }
  grpc::Status SetDunningHold(grpc::ServerContext* context, const v1::SetDunningHoldRequest* request,
                              v1::Dunning* reply) override {
    return endpoint_.Mutate(Method("SetDunningHold"), context, *request, reply, ParseSetDunningHold,
                            std::bind_front(&DunningService::SetHold, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::DunningService::service_full_name(), name}; }

  absl::StatusOr<v1::Dunning> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListDunningsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Dunning> SetHold(const rpc::Call& call, const SetDunningHoldCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BillingAccountStore& accounts_;
  const DunningStore& dunnings_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_SERVICE_H_
