#include "partner-service/src/api/partner_api.h"

#include "partner-service/src/api/partner_requests.h"

namespace countersign::partner {
namespace {

constexpr rpc::MethodSpec kCreatePartner = {"countersign.partner.v1.PartnerService", "CreatePartner"};
constexpr rpc::MethodSpec kGetPartner = {"countersign.partner.v1.PartnerService", "GetPartner"};
constexpr rpc::MethodSpec kListPartners = {"countersign.partner.v1.PartnerService", "ListPartners"};
constexpr rpc::MethodSpec kLookupPartner = {"countersign.partner.v1.PartnerService", "LookupPartner"};
constexpr rpc::MethodSpec kUpdatePartner = {"countersign.partner.v1.PartnerService", "UpdatePartner"};
constexpr rpc::MethodSpec kApprovePartner = {"countersign.partner.v1.PartnerService", "ApprovePartner"};
constexpr rpc::MethodSpec kRejectPartner = {"countersign.partner.v1.PartnerService", "RejectPartner"};
constexpr rpc::MethodSpec kSuspendPartner = {"countersign.partner.v1.PartnerService", "SuspendPartner"};
constexpr rpc::MethodSpec kReinstatePartner = {"countersign.partner.v1.PartnerService", "ReinstatePartner"};
constexpr rpc::MethodSpec kTerminatePartner = {"countersign.partner.v1.PartnerService", "TerminatePartner"};
constexpr rpc::MethodSpec kCreateAgreement = {"countersign.partner.v1.AgreementService", "CreateAgreement"};
constexpr rpc::MethodSpec kGetAgreement = {"countersign.partner.v1.AgreementService", "GetAgreement"};
constexpr rpc::MethodSpec kListAgreements = {"countersign.partner.v1.AgreementService", "ListAgreements"};
constexpr rpc::MethodSpec kAcceptAgreement = {"countersign.partner.v1.AgreementService", "AcceptAgreement"};
constexpr rpc::MethodSpec kListAgreementAcceptances = {"countersign.partner.v1.PartnerService",
                                                       "ListAgreementAcceptances"};
constexpr rpc::MethodSpec kCreateCustomer = {"countersign.partner.v1.CustomerService", "CreateCustomer"};
constexpr rpc::MethodSpec kGetCustomer = {"countersign.partner.v1.CustomerService", "GetCustomer"};
constexpr rpc::MethodSpec kListCustomers = {"countersign.partner.v1.CustomerService", "ListCustomers"};
constexpr rpc::MethodSpec kUpdateCustomer = {"countersign.partner.v1.CustomerService", "UpdateCustomer"};
constexpr rpc::MethodSpec kArchiveCustomer = {"countersign.partner.v1.CustomerService", "ArchiveCustomer"};
constexpr rpc::MethodSpec kCheckSeller = {"countersign.partner.v1.SellerService", "CheckSeller"};
constexpr rpc::MethodSpec kCreateAuthorization = {"countersign.partner.v1.AuthorizationService", "CreateAuthorization"};
constexpr rpc::MethodSpec kGetAuthorization = {"countersign.partner.v1.AuthorizationService", "GetAuthorization"};
constexpr rpc::MethodSpec kListAuthorizations = {"countersign.partner.v1.AuthorizationService", "ListAuthorizations"};
constexpr rpc::MethodSpec kUpdateAuthorization = {"countersign.partner.v1.AuthorizationService", "UpdateAuthorization"};
constexpr rpc::MethodSpec kCreateApiKey = {"countersign.partner.v1.ApiKeyService", "CreateApiKey"};
constexpr rpc::MethodSpec kGetApiKey = {"countersign.partner.v1.ApiKeyService", "GetApiKey"};
constexpr rpc::MethodSpec kListApiKeys = {"countersign.partner.v1.ApiKeyService", "ListApiKeys"};
constexpr rpc::MethodSpec kRevokeApiKey = {"countersign.partner.v1.ApiKeyService", "RevokeApiKey"};
constexpr rpc::MethodSpec kVerifyApiKey = {"countersign.partner.v1.ApiKeyService", "VerifyApiKey"};
constexpr rpc::MethodSpec kGetPayeeProfile = {"countersign.partner.v1.PayeeProfileService", "GetPayeeProfile"};
constexpr rpc::MethodSpec kUpdatePayeeProfile = {"countersign.partner.v1.PayeeProfileService", "UpdatePayeeProfile"};

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

grpc::Status PartnerApi::ListPartners(grpc::ServerContext* context, const v1::ListPartnersRequest* request,
                                      v1::ListPartnersResponse* reply) {
  return endpoint_.Read(kListPartners, context, *request, reply, ParseListPartners,
                        [&](const rpc::Call& call, const partner::ListPartners& command) {
                          return handlers_.partners.List(call, command);
                        });
}

grpc::Status PartnerApi::LookupPartner(grpc::ServerContext* context, const v1::LookupPartnerRequest* request,
                                       v1::Partner* reply) {
  return endpoint_.Read(kLookupPartner, context, *request, reply, ParseLookupPartner,
                        [&](const rpc::Call& call, const partner::LookupPartner& command) {
                          return handlers_.partners.Lookup(call, command);
                        });
}

grpc::Status PartnerApi::UpdatePartner(grpc::ServerContext* context, const v1::UpdatePartnerRequest* request,
                                       v1::Partner* reply) {
  return endpoint_.Mutate(kUpdatePartner, context, *request, reply, ParseUpdatePartner,
                          [&](const rpc::Call& call, const partner::UpdatePartner& command) {
                            return handlers_.partners.Update(call, command);
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

grpc::Status PartnerApi::CreateAgreement(grpc::ServerContext* context, const v1::CreateAgreementRequest* request,
                                         v1::Agreement* reply) {
  return endpoint_.Mutate(kCreateAgreement, context, *request, reply, ParseCreateAgreement,
                          [&](const rpc::Call& call, const partner::CreateAgreement& command) {
                            return handlers_.agreements.Create(call, command);
                          });
}

grpc::Status PartnerApi::GetAgreement(grpc::ServerContext* context, const v1::GetAgreementRequest* request,
                                      v1::Agreement* reply) {
  return endpoint_.Read(kGetAgreement, context, *request, reply, ParseGetAgreement,
                        [&](const rpc::Call& call, const partner::GetAgreement& command) {
                          return handlers_.agreements.Get(call, command);
                        });
}

grpc::Status PartnerApi::ListAgreements(grpc::ServerContext* context, const v1::ListAgreementsRequest* request,
                                        v1::ListAgreementsResponse* reply) {
  return endpoint_.Read(kListAgreements, context, *request, reply, ParseListAgreements,
                        [&](const rpc::Call& call, const partner::ListAgreements& command) {
                          return handlers_.agreements.List(call, command);
                        });
}

grpc::Status PartnerApi::AcceptAgreement(grpc::ServerContext* context, const v1::AcceptAgreementRequest* request,
                                         v1::Partner* reply) {
  return endpoint_.Mutate(kAcceptAgreement, context, *request, reply, ParseAcceptAgreement,
                          [&](const rpc::Call& call, const AcceptAgreementCommand& command) {
                            return handlers_.partners.AcceptAgreement(call, command);
                          });
}

grpc::Status PartnerApi::ListAgreementAcceptances(grpc::ServerContext* context,
                                                  const v1::ListAgreementAcceptancesRequest* request,
                                                  v1::ListAgreementAcceptancesResponse* reply) {
  return endpoint_.Read(kListAgreementAcceptances, context, *request, reply, ParseListAgreementAcceptances,
                        [&](const rpc::Call& call, const ListUnderPartner& command) {
                          return handlers_.agreements.ListAcceptances(call, command);
                        });
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

grpc::Status PartnerApi::ListCustomers(grpc::ServerContext* context, const v1::ListCustomersRequest* request,
                                       v1::ListCustomersResponse* reply) {
  return endpoint_.Read(
      kListCustomers, context, *request, reply, ParseListCustomers,
      [&](const rpc::Call& call, const ListUnderPartner& command) { return handlers_.customers.List(call, command); });
}

grpc::Status PartnerApi::UpdateCustomer(grpc::ServerContext* context, const v1::UpdateCustomerRequest* request,
                                        v1::Customer* reply) {
  return endpoint_.Mutate(kUpdateCustomer, context, *request, reply, ParseUpdateCustomer,
                          [&](const rpc::Call& call, const partner::UpdateCustomer& command) {
                            return handlers_.customers.Update(call, command);
                          });
}

grpc::Status PartnerApi::ArchiveCustomer(grpc::ServerContext* context, const v1::ArchiveCustomerRequest* request,
                                         v1::Customer* reply) {
  return endpoint_.Mutate(kArchiveCustomer, context, *request, reply, ParseArchiveCustomer,
                          [&](const rpc::Call& call, const partner::ArchiveCustomer& command) {
                            return handlers_.customers.Archive(call, command);
                          });
}

grpc::Status PartnerApi::CheckSeller(grpc::ServerContext* context, const v1::CheckSellerRequest* request,
                                     v1::CheckSellerResponse* reply) {
  return endpoint_.Read(kCheckSeller, context, *request, reply, ParseCheckSeller,
                        [&](const rpc::Call& call, const partner::CheckSeller& command) {
                          return handlers_.sellers.Check(call, command);
                        });
}

grpc::Status PartnerApi::CreateAuthorization(grpc::ServerContext* context,
                                             const v1::CreateAuthorizationRequest* request, v1::Authorization* reply) {
  return endpoint_.Mutate(kCreateAuthorization, context, *request, reply, ParseCreateAuthorization,
                          [&](const rpc::Call& call, const partner::CreateAuthorization& command) {
                            return handlers_.authorizations.Create(call, command);
                          });
}

grpc::Status PartnerApi::GetAuthorization(grpc::ServerContext* context, const v1::GetAuthorizationRequest* request,
                                          v1::Authorization* reply) {
  return endpoint_.Read(kGetAuthorization, context, *request, reply, ParseGetAuthorization,
                        [&](const rpc::Call& call, const FindAuthorization& command) {
                          return handlers_.authorizations.Get(call, command);
                        });
}

grpc::Status PartnerApi::ListAuthorizations(grpc::ServerContext* context, const v1::ListAuthorizationsRequest* request,
                                            v1::ListAuthorizationsResponse* reply) {
  return endpoint_.Read(kListAuthorizations, context, *request, reply, ParseListAuthorizations,
                        [&](const rpc::Call& call, const ListUnderPartner& command) {
                          return handlers_.authorizations.List(call, command);
                        });
}

grpc::Status PartnerApi::UpdateAuthorization(grpc::ServerContext* context,
                                             const v1::UpdateAuthorizationRequest* request, v1::Authorization* reply) {
  return endpoint_.Mutate(kUpdateAuthorization, context, *request, reply, ParseUpdateAuthorization,
                          [&](const rpc::Call& call, const partner::UpdateAuthorization& command) {
                            return handlers_.authorizations.Update(call, command);
                          });
}

grpc::Status PartnerApi::CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest* request,
                                      v1::ApiKey* reply) {
  return endpoint_.Mutate(kCreateApiKey, context, *request, reply, ParseCreateApiKey,
                          [&](const rpc::Call& call, const partner::CreateApiKey& command) {
                            return handlers_.api_keys.Create(call, command);
                          });
}

grpc::Status PartnerApi::GetApiKey(grpc::ServerContext* context, const v1::GetApiKeyRequest* request,
                                   v1::ApiKey* reply) {
  return endpoint_.Read(
      kGetApiKey, context, *request, reply, ParseGetApiKey,
      [&](const rpc::Call& call, const FindApiKey& command) { return handlers_.api_keys.Get(call, command); });
}

grpc::Status PartnerApi::ListApiKeys(grpc::ServerContext* context, const v1::ListApiKeysRequest* request,
                                     v1::ListApiKeysResponse* reply) {
  return endpoint_.Read(
      kListApiKeys, context, *request, reply, ParseListApiKeys,
      [&](const rpc::Call& call, const ListUnderPartner& command) { return handlers_.api_keys.List(call, command); });
}

grpc::Status PartnerApi::RevokeApiKey(grpc::ServerContext* context, const v1::RevokeApiKeyRequest* request,
                                      v1::ApiKey* reply) {
  return endpoint_.Mutate(kRevokeApiKey, context, *request, reply, ParseRevokeApiKey,
                          [&](const rpc::Call& call, const partner::RevokeApiKey& command) {
                            return handlers_.api_keys.Revoke(call, command);
                          });
}

grpc::Status PartnerApi::VerifyApiKey(grpc::ServerContext* context, const v1::VerifyApiKeyRequest* request,
                                      v1::VerifyApiKeyResponse* reply) {
  return endpoint_.Read(kVerifyApiKey, context, *request, reply, ParseVerifyApiKey,
                        [&](const rpc::Call& call, const partner::VerifyApiKey& command) {
                          return handlers_.api_keys.Verify(call, command);
                        });
}

grpc::Status PartnerApi::GetPayeeProfile(grpc::ServerContext* context, const v1::GetPayeeProfileRequest* request,
                                         v1::PayeeProfile* reply) {
  return endpoint_.Read(kGetPayeeProfile, context, *request, reply, ParseGetPayeeProfile,
                        [&](const rpc::Call& call, const partner::GetPayeeProfile& command) {
                          return handlers_.payee_profiles.Get(call, command);
                        });
}

grpc::Status PartnerApi::UpdatePayeeProfile(grpc::ServerContext* context, const v1::UpdatePayeeProfileRequest* request,
                                            v1::PayeeProfile* reply) {
  return endpoint_.Mutate(kUpdatePayeeProfile, context, *request, reply, ParseUpdatePayeeProfile,
                          [&](const rpc::Call& call, const partner::UpdatePayeeProfile& command) {
                            return handlers_.payee_profiles.Update(call, command);
                          });
}

}  // namespace countersign::partner
