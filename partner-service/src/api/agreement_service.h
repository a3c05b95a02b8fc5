// countersign.partner.v1.AgreementService: the versions of the partner agreement, and their acceptance.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "partner-service/src/api/agreement_requests.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of agreement_service.proto.
class AgreementService final : public v1::AgreementService::Service {
 public:
  // All must outlive the service.
  AgreementService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStore& partners,
                   const AgreementStore& agreements)
      : endpoint_(endpoint), committer_(committer), partners_(partners), agreements_(agreements) {}

  grpc::Status CreateAgreement(grpc::ServerContext* context, const v1::CreateAgreementRequest* request,
                               v1::Agreement* reply) override {
    return endpoint_.Mutate(Method("CreateAgreement"), context, *request, reply, ParseCreateAgreement,
                            std::bind_front(&AgreementService::Create, this));
  }
  grpc::Status GetAgreement(grpc::ServerContext* context, const v1::GetAgreementRequest* request,
                            v1::Agreement* reply) override {
    return endpoint_.Read(Method("GetAgreement"), context, *request, reply, ParseGetAgreement,
                          std::bind_front(&AgreementService::Get, this));
  }
  grpc::Status ListAgreements(grpc::ServerContext* context, const v1::ListAgreementsRequest* request,
                              v1::ListAgreementsResponse* reply) override {
    return endpoint_.Read(Method("ListAgreements"), context, *request, reply,
                          rpc::ParseList{"", AgreementFilterFields()}, std::bind_front(&AgreementService::List, this));
  }
  grpc::Status AcceptAgreement(grpc::ServerContext* context, const v1::AcceptAgreementRequest* request,
                               v1::Partner* reply) override {
    return endpoint_.Mutate(Method("AcceptAgreement"), context, *request, reply, ParseAcceptAgreement,
                            std::bind_front(&AgreementService::Accept, this));
  }
  grpc::Status ListAgreementAcceptances(grpc::ServerContext* context,
                                        const v1::ListAgreementAcceptancesRequest* request,
                                        v1::ListAgreementAcceptancesResponse* reply) override {
    return endpoint_.Read(Method("ListAgreementAcceptances"), context, *request, reply,
                          rpc::ParseList{kPartnerName, AgreementAcceptanceFilterFields()},
                          std::bind_front(&AgreementService::ListAcceptances, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::AgreementService::service_full_name(), name}; }

  absl::StatusOr<v1::Agreement> Create(const rpc::Call& call, const CreateAgreementCommand& command);
  absl::StatusOr<v1::Agreement> Get(const rpc::Call& call, const GetAgreementCommand& command) const;
  absl::StatusOr<v1::ListAgreementsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Partner> Accept(const rpc::Call& call, const AcceptAgreementCommand& command);
  absl::StatusOr<v1::ListAgreementAcceptancesResponse> ListAcceptances(const rpc::Call& call,
                                                                       const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStore& partners_;
  const AgreementStore& agreements_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_SERVICE_H_
