// countersign.billing.v1.FeeService: what partners earn.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/fee_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/fee_schedule_store.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/order_label_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of fee_service.proto.
class FeeService final : public v1::FeeService::Service {
 public:
  // All must outlive the service.
  FeeService(const rpc::Endpoint& endpoint, events::Committer& committer, const FeeStore& fees,
             const FeeScheduleStore& fee_schedules, const OrderLabelStore& labels)
      : endpoint_(endpoint), committer_(committer), fees_(fees), fee_schedules_(fee_schedules), labels_(labels) {}

  grpc::Status ListFees(grpc::ServerContext* context, const v1::ListFeesRequest* request,
                        v1::ListFeesResponse* reply) override {
    return endpoint_.Read(Method("ListFees"), context, *request, reply, rpc::ParseList{kPartnerName, FeeFilterFields()},
                          std::bind_front(&FeeService::List, this));
  }
  grpc::Status GetFee(grpc::ServerContext* context, const v1::GetFeeRequest* request, v1::Fee* reply) override {
    return endpoint_.Read(Method("GetFee"), context, *request, reply, rpc::ParseNamed{kFeeName},
                          std::bind_front(&FeeService::Get, this));
  }
  grpc::Status ExplainFee(grpc::ServerContext* context, const v1::ExplainFeeRequest* request,
                          v1::Explanation* reply) override {
    return endpoint_.Read(Method("ExplainFee"), context, *request, reply, rpc::ParseNamed{kFeeName},
                          std::bind_front(&FeeService::Explain, this));
  }
  grpc::Status ExportFees(grpc::ServerContext* context, const v1::ExportFeesRequest* request,
                          v1::ExportFeesResponse* reply) override {
    return endpoint_.Read(Method("ExportFees"), context, *request, reply,
                          rpc::ParseList{kPartnerName, FeeFilterFields()}, std::bind_front(&FeeService::Export, this));
  }
  grpc::Status AdjustFee(grpc::ServerContext* context, const v1::AdjustFeeRequest* request, v1::Fee* reply) override {
    return endpoint_.Mutate(Method("AdjustFee"), context, *request, reply, ParseAdjustFee,
                            std::bind_front(&FeeService::Adjust, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::FeeService::service_full_name(), name}; }

  absl::StatusOr<v1::ListFeesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Fee> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::Explanation> Explain(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ExportFeesResponse> Export(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Fee> Adjust(const rpc::Call& call, const AdjustFeeCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const FeeStore& fees_;
  const FeeScheduleStore& fee_schedules_;
  const OrderLabelStore& labels_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_SERVICE_H_
