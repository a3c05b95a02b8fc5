// countersign.billing.v1.DunningLadderService: what happens how long after an invoice was due.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/dunning_ladder_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/dunning_ladder_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/dunning_ladder_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of dunning_ladder_service.proto.
class DunningLadderService final : public v1::DunningLadderService::Service {
 public:
  // All must outlive the service.
  DunningLadderService(const rpc::Endpoint& endpoint, events::Committer& committer, const DunningLadderStore& ladders)
      : endpoint_(endpoint), committer_(committer), ladders_(ladders) {}

  grpc::Status CreateDunningLadder(grpc::ServerContext* context, const v1::CreateDunningLadderRequest* request,
                                   v1::DunningLadder* reply) override {
    return endpoint_.Mutate(Method("CreateDunningLadder"), context, *request, reply, ParseCreateDunningLadder,
                            std::bind_front(&DunningLadderService::Create, this));
  }
  grpc::Status GetDunningLadder(grpc::ServerContext* context, const v1::GetDunningLadderRequest* request,
                                v1::DunningLadder* reply) override {
    return endpoint_.Read(Method("GetDunningLadder"), context, *request, reply, rpc::ParseNamed{kDunningLadderName},
                          std::bind_front(&DunningLadderService::Get, this));
  }
  grpc::Status ListDunningLadders(grpc::ServerContext* context, const v1::ListDunningLaddersRequest* request,
                                  v1::ListDunningLaddersResponse* reply) override {
    return endpoint_.Read(Method("ListDunningLadders"), context, *request, reply,
                          rpc::ParseList{"", DunningLadderFilterFields()},
                          std::bind_front(&DunningLadderService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::DunningLadderService::service_full_name(), name};
  }

  absl::StatusOr<v1::DunningLadder> Create(const rpc::Call& call, const CreateDunningLadderCommand& command);
  absl::StatusOr<v1::DunningLadder> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListDunningLaddersResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const DunningLadderStore& ladders_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_DUNNING_LADDER_SERVICE_H_
