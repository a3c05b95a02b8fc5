// countersign.partner.v1.PartnerService: which handler tells each method's story. Who may call what is in
// config/access.policy; a partner only with its own names (each parse refuses others).
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_API_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_API_H_

#include "common/rpc/endpoint.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/agreement_handlers.h"
#include "partner-service/src/api/api_key_handlers.h"
#include "partner-service/src/api/authorization_handlers.h"
#include "partner-service/src/api/customer_handlers.h"
#include "partner-service/src/api/partner_handlers.h"
#include "partner-service/src/api/payee_profile_handlers.h"
#include "partner-service/src/api/seller_handlers.h"

namespace countersign::partner {

// Who tells the stories. All must outlive the service.
struct PartnerApiHandlers {
  PartnerHandlers& partners;
  AgreementHandlers& agreements;
  CustomerHandlers& customers;
  SellerHandlers& sellers;
  AuthorizationHandlers& authorizations;
  ApiKeyHandlers& api_keys;
  PayeeProfileHandlers& payee_profiles;
};

class PartnerApi final : public v1::PartnerService::Service {
 public:
  // The endpoint must outlive the service.
  PartnerApi(const rpc::Endpoint& endpoint, const PartnerApiHandlers& handlers)
      : endpoint_(endpoint), handlers_(handlers) {}

  grpc::Status CreatePartner(grpc::ServerContext* context, const v1::CreatePartnerRequest* request,
                             v1::Partner* reply) override;
  grpc::Status GetPartner(grpc::ServerContext* context, const v1::GetPartnerRequest* request,
                          v1::Partner* reply) override;
  grpc::Status ListPartners(grpc::ServerContext* context, const v1::ListPartnersRequest* request,
                            v1::ListPartnersResponse* reply) override;
  grpc::Status LookupPartner(grpc::ServerContext* context, const v1::LookupPartnerRequest* request,
                             v1::Partner* reply) override;
  grpc::Status UpdatePartner(grpc::ServerContext* context, const v1::UpdatePartnerRequest* request,
                             v1::Partner* reply) override;
  grpc::Status ApprovePartner(grpc::ServerContext* context, const v1::ApprovePartnerRequest* request,
                              v1::Partner* reply) override;
  grpc::Status RejectPartner(grpc::ServerContext* context, const v1::RejectPartnerRequest* request,
                             v1::Partner* reply) override;
  grpc::Status SuspendPartner(grpc::ServerContext* context, const v1::SuspendPartnerRequest* request,
                              v1::Partner* reply) override;
  grpc::Status ReinstatePartner(grpc::ServerContext* context, const v1::ReinstatePartnerRequest* request,
                                v1::Partner* reply) override;
  grpc::Status TerminatePartner(grpc::ServerContext* context, const v1::TerminatePartnerRequest* request,
                                v1::Partner* reply) override;
  grpc::Status CreateAgreement(grpc::ServerContext* context, const v1::CreateAgreementRequest* request,
                               v1::Agreement* reply) override;
  grpc::Status GetAgreement(grpc::ServerContext* context, const v1::GetAgreementRequest* request,
                            v1::Agreement* reply) override;
  grpc::Status ListAgreements(grpc::ServerContext* context, const v1::ListAgreementsRequest* request,
                              v1::ListAgreementsResponse* reply) override;
  grpc::Status AcceptAgreement(grpc::ServerContext* context, const v1::AcceptAgreementRequest* request,
                               v1::Partner* reply) override;
  grpc::Status ListAgreementAcceptances(grpc::ServerContext* context,
                                        const v1::ListAgreementAcceptancesRequest* request,
                                        v1::ListAgreementAcceptancesResponse* reply) override;
  grpc::Status CreateCustomer(grpc::ServerContext* context, const v1::CreateCustomerRequest* request,
                              v1::Customer* reply) override;
  grpc::Status GetCustomer(grpc::ServerContext* context, const v1::GetCustomerRequest* request,
                           v1::Customer* reply) override;
  grpc::Status ListCustomers(grpc::ServerContext* context, const v1::ListCustomersRequest* request,
                             v1::ListCustomersResponse* reply) override;
  grpc::Status UpdateCustomer(grpc::ServerContext* context, const v1::UpdateCustomerRequest* request,
                              v1::Customer* reply) override;
  grpc::Status ArchiveCustomer(grpc::ServerContext* context, const v1::ArchiveCustomerRequest* request,
                               v1::Customer* reply) override;
  grpc::Status CheckSeller(grpc::ServerContext* context, const v1::CheckSellerRequest* request,
                           v1::CheckSellerResponse* reply) override;
  grpc::Status CreateAuthorization(grpc::ServerContext* context, const v1::CreateAuthorizationRequest* request,
                                   v1::Authorization* reply) override;
  grpc::Status GetAuthorization(grpc::ServerContext* context, const v1::GetAuthorizationRequest* request,
                                v1::Authorization* reply) override;
  grpc::Status ListAuthorizations(grpc::ServerContext* context, const v1::ListAuthorizationsRequest* request,
                                  v1::ListAuthorizationsResponse* reply) override;
  grpc::Status UpdateAuthorization(grpc::ServerContext* context, const v1::UpdateAuthorizationRequest* request,
                                   v1::Authorization* reply) override;
  grpc::Status CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest* request,
                            v1::ApiKey* reply) override;
  grpc::Status GetApiKey(grpc::ServerContext* context, const v1::GetApiKeyRequest* request, v1::ApiKey* reply) override;
  grpc::Status ListApiKeys(grpc::ServerContext* context, const v1::ListApiKeysRequest* request,
                           v1::ListApiKeysResponse* reply) override;
  grpc::Status RevokeApiKey(grpc::ServerContext* context, const v1::RevokeApiKeyRequest* request,
                            v1::ApiKey* reply) override;
  grpc::Status VerifyApiKey(grpc::ServerContext* context, const v1::VerifyApiKeyRequest* request,
                            v1::VerifyApiKeyResponse* reply) override;
  grpc::Status GetPayeeProfile(grpc::ServerContext* context, const v1::GetPayeeProfileRequest* request,
                               v1::PayeeProfile* reply) override;
  grpc::Status UpdatePayeeProfile(grpc::ServerContext* context, const v1::UpdatePayeeProfileRequest* request,
                                  v1::PayeeProfile* reply) override;

 private:
  // The five transitions differ in their method and act only.
  template <typename Request>
  grpc::Status Transit(const rpc::MethodSpec& method, PartnerAct act, grpc::ServerContext* context,
                       const Request& request, v1::Partner* reply);

  const rpc::Endpoint& endpoint_;
  const PartnerApiHandlers handlers_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_API_H_
