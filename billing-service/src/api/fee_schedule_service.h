// countersign.billing.v1.FeeScheduleService: the versions of the fee schedule.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/fee_schedule_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/fee_schedule_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/fee_schedule_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of fee_schedule_service.proto.
class FeeScheduleService final : public v1::FeeScheduleService::Service {
 public:
  // All must outlive the service.
  FeeScheduleService(const rpc::Endpoint& endpoint, events::Committer& committer, const FeeScheduleStore& versions)
      : endpoint_(endpoint), committer_(committer), versions_(versions) {}

  grpc::Status CreateFeeSchedule(grpc::ServerContext* context, const v1::CreateFeeScheduleRequest* request,
                                 v1::FeeSchedule* reply) override {
    return endpoint_.Mutate(Method("CreateFeeSchedule"), context, *request, reply, ParseCreateFeeSchedule,
                            std::bind_front(&FeeScheduleService::Create, this));
  }
  grpc::Status GetFeeSchedule(grpc::ServerContext* context, const v1::GetFeeScheduleRequest* request,
                              v1::FeeSchedule* reply) override {
    return endpoint_.Read(Method("GetFeeSchedule"), context, *request, reply, rpc::ParseNamed{kFeeScheduleName},
                          std::bind_front(&FeeScheduleService::Get, this));
  }
  grpc::Status ListFeeSchedules(grpc::ServerContext* context, const v1::ListFeeSchedulesRequest* request,
                                v1::ListFeeSchedulesResponse* reply) override {
    return endpoint_.Read(Method("ListFeeSchedules"), context, *request, reply,
                          rpc::ParseList{"", FeeScheduleFilterFields()},
                          std::bind_front(&FeeScheduleService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::FeeScheduleService::service_full_name(), name}; }

  absl::StatusOr<v1::FeeSchedule> Create(const rpc::Call& call, const CreateFeeScheduleCommand& command);
  absl::StatusOr<v1::FeeSchedule> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListFeeSchedulesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const FeeScheduleStore& versions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SCHEDULE_SERVICE_H_
