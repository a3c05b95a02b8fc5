// countersign.billing.v1.TaxRateService: the tax rates of regions.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/tax_rate_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/tax_rate_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of tax_rate_service.proto.
class TaxRateService final : public v1::TaxRateService::Service {
 public:
  // All must outlive the service.
  TaxRateService(const rpc::Endpoint& endpoint, events::Committer& committer, const TaxRateStore& rates)
      : endpoint_(endpoint), committer_(committer), rates_(rates) {}

  grpc::Status CreateTaxRate(grpc::ServerContext* context, const v1::CreateTaxRateRequest* request,
                             v1::TaxRate* reply) override {
    return endpoint_.Mutate(Method("CreateTaxRate"), context, *request, reply, ParseCreateTaxRate,
                            std::bind_front(&TaxRateService::Create, this));
  }
  grpc::Status GetTaxRate(grpc::ServerContext* context, const v1::GetTaxRateRequest* request,
                          v1::TaxRate* reply) override {
    return endpoint_.Read(Method("GetTaxRate"), context, *request, reply, rpc::ParseNamed{kTaxRateName},
                          std::bind_front(&TaxRateService::Get, this));
  }
  grpc::Status ListTaxRates(grpc::ServerContext* context, const v1::ListTaxRatesRequest* request,
                            v1::ListTaxRatesResponse* reply) override {
    return endpoint_.Read(Method("ListTaxRates"), context, *request, reply, rpc::ParseList{"", TaxRateFilterFields()},
                          std::bind_front(&TaxRateService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::TaxRateService::service_full_name(), name}; }

  absl::StatusOr<v1::TaxRate> Create(const rpc::Call& call, const CreateTaxRateCommand& command);
  absl::StatusOr<v1::TaxRate> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListTaxRatesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const TaxRateStore& rates_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_RATE_SERVICE_H_
