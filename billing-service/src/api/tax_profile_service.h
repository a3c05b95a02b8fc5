// countersign.billing.v1.TaxProfileService: the tax standing of billing accounts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_SERVICE_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/tax_profile_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/tax_profile_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of tax_profile_service.proto.
class TaxProfileService final : public v1::TaxProfileService::Service {
 public:
  // All must outlive the service.
  TaxProfileService(const rpc::Endpoint& endpoint, events::Committer& committer, const BillingAccountStore& accounts,
                    const PastBuyerStore& past_buyers)
      : endpoint_(endpoint), committer_(committer), accounts_(accounts), past_buyers_(past_buyers) {}

  grpc::Status GetTaxProfile(grpc::ServerContext* context, const v1::GetTaxProfileRequest* request,
                             v1::TaxProfile* reply) override {
    return endpoint_.Read(Method("GetTaxProfile"), context, *request, reply, rpc::ParseNamed{kTaxProfileName},
                          std::bind_front(&TaxProfileService::Get, this));
  }
  grpc::Status UpdateTaxProfile(grpc::ServerContext* context, const v1::UpdateTaxProfileRequest* request,
                                v1::TaxProfile* reply) override {
    return endpoint_.Mutate(Method("UpdateTaxProfile"), context, *request, reply, ParseUpdateTaxProfile,
                            std::bind_front(&TaxProfileService::Update, this));
  }
  grpc::Status ValidateTaxId(grpc::ServerContext* context, const v1::ValidateTaxIdRequest* request,
                             v1::TaxProfile* reply) override {
    return endpoint_.Mutate(Method("ValidateTaxId"), context, *request, reply, rpc::ParseTransition{kTaxProfileName},
                            std::bind_front(&TaxProfileService::Validate, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::TaxProfileService::service_full_name(), name}; }

  absl::StatusOr<v1::TaxProfile> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::TaxProfile> Update(const rpc::Call& call, const UpdateTaxProfileCommand& command);
  absl::StatusOr<v1::TaxProfile> Validate(const rpc::Call& call, const rpc::NamedResource& named);

  // Commits the account's next version with `rows`, and answers with its profile.
  absl::StatusOr<v1::TaxProfile> Save(const rpc::Call& call, BillingAccount account, absl::string_view event_type,
                                      absl::string_view reason, std::vector<mysql::RowWrite> rows = {});

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BillingAccountStore& accounts_;
  const PastBuyerStore& past_buyers_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TAX_PROFILE_SERVICE_H_
