// countersign.partner.v1.PartnerService: which method may be called by whom, and which handler tells its story.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_API_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_API_H_

#include "common/rpc/endpoint.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_key_handlers.h"
#include "partner-service/src/api/authorization_handlers.h"
#include "partner-service/src/api/customer_handlers.h"
#include "partner-service/src/api/partner_handlers.h"

namespace countersign::partner {

// Who tells the stories. All must outlive the service.
struct PartnerApiHandlers {
  PartnerHandlers& partners;
  CustomerHandlers& customers;
  AuthorizationHandlers& authorizations;
  ApiKeyHandlers& api_keys;
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
  grpc::Status AcceptAgreement(grpc::ServerContext* context, const v1::AcceptAgreementRequest* request,
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
  grpc::Status CreateCustomer(grpc::ServerContext* context, const v1::CreateCustomerRequest* request,
                              v1::Customer* reply) override;
  grpc::Status GetCustomer(grpc::ServerContext* context, const v1::GetCustomerRequest* request,
                           v1::Customer* reply) override;
  grpc::Status CheckSeller(grpc::ServerContext* context, const v1::CheckSellerRequest* request,
                           v1::CheckSellerResponse* reply) override;
  grpc::Status CreateAuthorization(grpc::ServerContext* context, const v1::CreateAuthorizationRequest* request,
                                   v1::Authorization* reply) override;
  grpc::Status CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest* request,
                            v1::ApiKey* reply) override;
  grpc::Status VerifyApiKey(grpc::ServerContext* context, const v1::VerifyApiKeyRequest* request,
                            v1::VerifyApiKeyResponse* reply) override;

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
