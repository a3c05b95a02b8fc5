// countersign.billing.v1.WithholdingRateService: which part of payouts is withheld.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/withholding_rate_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/withholding_rate_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/withholding_rate_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of withholding_rate_service.proto.
class WithholdingRateService final : public v1::WithholdingRateService::Service {
 public:
  // All must outlive the service.
  WithholdingRateService(const rpc::Endpoint& endpoint, events::Committer& committer,
                         const WithholdingRateStore& versions)
      : endpoint_(endpoint), committer_(committer), versions_(versions) {}

  grpc::Status CreateWithholdingRate(grpc::ServerContext* context, const v1::CreateWithholdingRateRequest* request,
                                     v1::WithholdingRate* reply) override {
    return endpoint_.Mutate(Method("CreateWithholdingRate"), context, *request, reply, ParseCreateWithholdingRate,
                            std::bind_front(&WithholdingRateService::Create, this));
  }
  grpc::Status GetWithholdingRate(grpc::ServerContext* context, const v1::GetWithholdingRateRequest* request,
                                  v1::WithholdingRate* reply) override {
    return endpoint_.Read(Method("GetWithholdingRate"), context, *request, reply, rpc::ParseNamed{kWithholdingRateName},
                          std::bind_front(&WithholdingRateService::Get, this));
  }
  grpc::Status ListWithholdingRates(grpc::ServerContext* context, const v1::ListWithholdingRatesRequest* request,
                                    v1::ListWithholdingRatesResponse* reply) override {
    return endpoint_.Read(Method("ListWithholdingRates"), context, *request, reply,
                          rpc::ParseList{"", WithholdingRateFilterFields()},
                          std::bind_front(&WithholdingRateService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::WithholdingRateService::service_full_name(), name};
  }

  absl::StatusOr<v1::WithholdingRate> Create(const rpc::Call& call, const CreateWithholdingRateCommand& command);
  absl::StatusOr<v1::WithholdingRate> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListWithholdingRatesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const WithholdingRateStore& versions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_WITHHOLDING_RATE_SERVICE_H_
