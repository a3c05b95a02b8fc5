// countersign.billing.v1.BillingRunService: operators ask for a billing run and see what comes of it.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_RUN_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_RUN_SERVICE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/billing_run_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/billing_run_service.grpc.pb.h"

namespace countersign::billing {

struct RunBillingCommand {
  Uuid tenant;  // The run.
  Date date;
  std::string reason;
};

absl::StatusOr<RunBillingCommand> ParseRunBilling(const rpc::Call& call, const v1::RunBillingRequest& request);

// Thread-safe. Errors are those of billing_run_service.proto.
class BillingRunService final : public v1::BillingRunService::Service {
 public:
  // All must outlive the service.
  BillingRunService(const rpc::Endpoint& endpoint, events::Committer& committer, const BillingRunStore& runs)
      : endpoint_(endpoint), committer_(committer), runs_(runs) {}

  grpc::Status RunBilling(grpc::ServerContext* context, const v1::RunBillingRequest* request,
                          v1::BillingRun* reply) override {
    return endpoint_.Mutate(Method("RunBilling"), context, *request, reply, ParseRunBilling,
                            std::bind_front(&BillingRunService::Run, this));
  }
  grpc::Status GetBillingRun(grpc::ServerContext* context, const v1::GetBillingRunRequest* request,
                             v1::BillingRun* reply) override {
    return endpoint_.Read(Method("GetBillingRun"), context, *request, reply, rpc::ParseNamed{kBillingRunName},
                          std::bind_front(&BillingRunService::Get, this));
  }
  grpc::Status ListBillingRuns(grpc::ServerContext* context, const v1::ListBillingRunsRequest* request,
                               v1::ListBillingRunsResponse* reply) override {
    return endpoint_.Read(Method("ListBillingRuns"), context, *request, reply,
                          rpc::ParseList{"", BillingRunFilterFields()},
                          std::bind_front(&BillingRunService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::BillingRunService::service_full_name(), name}; }

  absl::StatusOr<v1::BillingRun> Run(const rpc::Call& call, const RunBillingCommand& command);
  absl::StatusOr<v1::BillingRun> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListBillingRunsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BillingRunStore& runs_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_RUN_SERVICE_H_
