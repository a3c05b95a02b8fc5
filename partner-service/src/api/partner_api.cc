#include "partner-service/src/api/partner_api.h"

#include "partner-service/src/api/partner_requests.h"

namespace countersign::partner {
namespace {

constexpr rpc::MethodSpec kCreatePartner = {"countersign.partner.v1.PartnerService/CreatePartner"};
constexpr rpc::MethodSpec kGetPartner = {"countersign.partner.v1.PartnerService/GetPartner"};
constexpr rpc::MethodSpec kAcceptAgreement = {"countersign.partner.v1.PartnerService/AcceptAgreement"};
constexpr rpc::MethodSpec kApprovePartner = {"countersign.partner.v1.PartnerService/ApprovePartner"};
constexpr rpc::MethodSpec kRejectPartner = {"countersign.partner.v1.PartnerService/RejectPartner"};
constexpr rpc::MethodSpec kSuspendPartner = {"countersign.partner.v1.PartnerService/SuspendPartner"};
constexpr rpc::MethodSpec kReinstatePartner = {"countersign.partner.v1.PartnerService/ReinstatePartner"};
constexpr rpc::MethodSpec kTerminatePartner = {"countersign.partner.v1.PartnerService/TerminatePartner"};
constexpr rpc::MethodSpec kCreateCustomer = {"countersign.partner.v1.PartnerService/CreateCustomer"};
constexpr rpc::MethodSpec kGetCustomer = {"countersign.partner.v1.PartnerService/GetCustomer"};
constexpr rpc::MethodSpec kCheckSeller = {"countersign.partner.v1.PartnerService/CheckSeller"};
constexpr rpc::MethodSpec kCreateAuthorization = {"countersign.partner.v1.PartnerService/CreateAuthorization"};
constexpr rpc::MethodSpec kCreateApiKey = {"countersign.partner.v1.PartnerService/CreateApiKey"};
constexpr rpc::MethodSpec kVerifyApiKey = {"countersign.partner.v1.PartnerService/VerifyApiKey"};

}  // namespace

template <typename Request>
grpc::Status PartnerApi::Transit(const rpc::MethodSpec& method, PartnerAct act, grpc::ServerContext* context,
                                 const Request& request, v1::Partner* reply) {
  return endpoint_.Mutate(
      method, context, request, reply, ParseTransition<Request>,
      [&](const rpc::Call& call, const Transition& command) { return handlers_.partners.Transit(call, act, command); });
}

grpc::Status PartnerApi::CreatePartner(grpc::ServerContext* context, const v1::CreatePartnerRequest* request,
                                       v1::Partner* reply) {
  return endpoint_.Mutate(kCreatePartner, context, *request, reply, ParseCreatePartner,
                          [&](const rpc::Call& call, const partner::CreatePartner& command) {
                            return handlers_.partners.Create(call, command);
                          });
}

grpc::Status PartnerApi::GetPartner(grpc::ServerContext* context, const v1::GetPartnerRequest* request,
                                    v1::Partner* reply) {
  return endpoint_.Read(
      kGetPartner, context, *request, reply, ParseGetPartner,
      [&](const rpc::Call& call, const partner::GetPartner& command) { return handlers_.partners.Get(call, command); });
}

grpc::Status PartnerApi::AcceptAgreement(grpc::ServerContext* context, const v1::AcceptAgreementRequest* request,
                                         v1::Partner* reply) {
  return endpoint_.Mutate(kAcceptAgreement, context, *request, reply, ParseAcceptAgreement,
                          [&](const rpc::Call& call, const AcceptAgreementCommand& command) {
                            return handlers_.partners.AcceptAgreement(call, command);
                          });
}

grpc::Status PartnerApi::ApprovePartner(grpc::ServerContext* context, const v1::ApprovePartnerRequest* request,
                                        v1::Partner* reply) {
  return Transit(kApprovePartner, PartnerAct::kApprove, context, *request, reply);
}

grpc::Status PartnerApi::RejectPartner(grpc::ServerContext* context, const v1::RejectPartnerRequest* request,
                                       v1::Partner* reply) {
  return Transit(kRejectPartner, PartnerAct::kReject, context, *request, reply);
}

grpc::Status PartnerApi::SuspendPartner(grpc::ServerContext* context, const v1::SuspendPartnerRequest* request,
                                        v1::Partner* reply) {
  return Transit(kSuspendPartner, PartnerAct::kSuspend, context, *request, reply);
}

grpc::Status PartnerApi::ReinstatePartner(grpc::ServerContext* context, const v1::ReinstatePartnerRequest* request,
                                          v1::Partner* reply) {
  return Transit(kReinstatePartner, PartnerAct::kReinstate, context, *request, reply);
}

grpc::Status PartnerApi::TerminatePartner(grpc::ServerContext* context, const v1::TerminatePartnerRequest* request,
                                          v1::Partner* reply) {
  return Transit(kTerminatePartner, PartnerAct::kTerminate, context, *request, reply);
}

grpc::Status PartnerApi::CreateCustomer(grpc::ServerContext* context, const v1::CreateCustomerRequest* request,
                                        v1::Customer* reply) {
  return endpoint_.Mutate(kCreateCustomer, context, *request, reply, ParseCreateCustomer,
                          [&](const rpc::Call& call, const partner::CreateCustomer& command) {
                            return handlers_.customers.Create(call, command);
                          });
}

grpc::Status PartnerApi::GetCustomer(grpc::ServerContext* context, const v1::GetCustomerRequest* request,
                                     v1::Customer* reply) {
  return endpoint_.Read(
      kGetCustomer, context, *request, reply, ParseGetCustomer,
      [&](const rpc::Call& call, const FindCustomer& command) { return handlers_.customers.Get(call, command); });
}

grpc::Status PartnerApi::CheckSeller(grpc::ServerContext* context, const v1::CheckSellerRequest* request,
                                     v1::CheckSellerResponse* reply) {
  return endpoint_.Read(kCheckSeller, context, *request, reply, ParseCheckSeller,
                        [&](const rpc::Call& call, const partner::CheckSeller& command) {
                          return handlers_.customers.CheckSeller(call, command);
                        });
}

grpc::Status PartnerApi::CreateAuthorization(grpc::ServerContext* context,
                                             const v1::CreateAuthorizationRequest* request, v1::Authorization* reply) {
  return endpoint_.Mutate(kCreateAuthorization, context, *request, reply, ParseCreateAuthorization,
                          [&](const rpc::Call& call, const partner::CreateAuthorization& command) {
                            return handlers_.authorizations.Create(call, command);
                          });
}

grpc::Status PartnerApi::CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest* request,
                                      v1::ApiKey* reply) {
  return endpoint_.Mutate(kCreateApiKey, context, *request, reply, ParseCreateApiKey,
                          [&](const rpc::Call& call, const partner::CreateApiKey& command) {
                            return handlers_.api_keys.Create(call, command);
                          });
}

grpc::Status PartnerApi::VerifyApiKey(grpc::ServerContext* context, const v1::VerifyApiKeyRequest* request,
                                      v1::VerifyApiKeyResponse* reply) {
  return endpoint_.Read(kVerifyApiKey, context, *request, reply, ParseVerifyApiKey,
                        [&](const rpc::Call& call, const partner::VerifyApiKey& command) {
                          return handlers_.api_keys.Verify(call, command);
                        });
}

}  // namespace countersign::partner
