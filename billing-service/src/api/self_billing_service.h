// countersign.billing.v1.SelfBillingService: what is agreed with partners about self-billing.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/self_billing_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/self_billing_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/self_billing_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of self_billing_service.proto.
class SelfBillingService final : public v1::SelfBillingService::Service {
 public:
  // All must outlive the service.
  SelfBillingService(const rpc::Endpoint& endpoint, events::Committer& committer, const SelfBillingStore& agreements)
      : endpoint_(endpoint), committer_(committer), agreements_(agreements) {}

  grpc::Status CreateSelfBillingAgreement(grpc::ServerContext* context,
                                          const v1::CreateSelfBillingAgreementRequest* request,
                                          v1::SelfBillingAgreement* reply) override {
    return endpoint_.Mutate(Method("CreateSelfBillingAgreement"), context, *request, reply,
                            ParseCreateSelfBillingAgreement, std::bind_front(&SelfBillingService::Create, this));
  }
  grpc::Status GetSelfBillingAgreement(grpc::ServerContext* context, const v1::GetSelfBillingAgreementRequest* request,
                                       v1::SelfBillingAgreement* reply) override {
    return endpoint_.Read(Method("GetSelfBillingAgreement"), context, *request, reply,
                          rpc::ParseNamed{kSelfBillingAgreementName}, std::bind_front(&SelfBillingService::Get, this));
  }
  grpc::Status ListSelfBillingAgreements(grpc::ServerContext* context,
                                         const v1::ListSelfBillingAgreementsRequest* request,
                                         v1::ListSelfBillingAgreementsResponse* reply) override {
    return endpoint_.Read(Method("ListSelfBillingAgreements"), context, *request, reply,
                          rpc::ParseList{kPartnerName, SelfBillingFilterFields()},
                          std::bind_front(&SelfBillingService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::SelfBillingService::service_full_name(), name}; }

  absl::StatusOr<v1::SelfBillingAgreement> Create(const rpc::Call& call,
                                                  const CreateSelfBillingAgreementCommand& command);
  absl::StatusOr<v1::SelfBillingAgreement> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListSelfBillingAgreementsResponse> List(const rpc::Call& call,
                                                             const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const SelfBillingStore& agreements_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SELF_BILLING_SERVICE_H_
