// countersign.partner.v1.AuthorizationService: the stories of what a partner may sell.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "partner-service/src/api/authorization_requests.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of authorization_service.proto.
class AuthorizationService final : public v1::AuthorizationService::Service {
 public:
  // All must outlive the service.
  AuthorizationService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStore& partners,
                       const AuthorizationStore& authorizations)
      : endpoint_(endpoint), committer_(committer), partners_(partners), authorizations_(authorizations) {}

  grpc::Status CreateAuthorization(grpc::ServerContext* context, const v1::CreateAuthorizationRequest* request,
                                   v1::Authorization* reply) override {
    return endpoint_.Mutate(Method("CreateAuthorization"), context, *request, reply, ParseCreateAuthorization,
                            std::bind_front(&AuthorizationService::Create, this));
  }
  grpc::Status GetAuthorization(grpc::ServerContext* context, const v1::GetAuthorizationRequest* request,
                                v1::Authorization* reply) override {
    return endpoint_.Read(Method("GetAuthorization"), context, *request, reply, rpc::ParseNamed{kAuthorizationName},
                          std::bind_front(&AuthorizationService::Get, this));
  }
  grpc::Status ListAuthorizations(grpc::ServerContext* context, const v1::ListAuthorizationsRequest* request,
                                  v1::ListAuthorizationsResponse* reply) override {
    return endpoint_.Read(Method("ListAuthorizations"), context, *request, reply,
                          rpc::ParseList{kPartnerName, AuthorizationFilterFields()},
                          std::bind_front(&AuthorizationService::List, this));
  }
  grpc::Status UpdateAuthorization(grpc::ServerContext* context, const v1::UpdateAuthorizationRequest* request,
                                   v1::Authorization* reply) override {
    return endpoint_.Mutate(Method("UpdateAuthorization"), context, *request, reply, ParseUpdateAuthorization,
                            std::bind_front(&AuthorizationService::Update, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::AuthorizationService::service_full_name(), name};
  }

  absl::StatusOr<v1::Authorization> Create(const rpc::Call& call, const CreateAuthorizationCommand& command);
  absl::StatusOr<v1::Authorization> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListAuthorizationsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Authorization> Update(const rpc::Call& call, const UpdateAuthorizationCommand& command);

  // Commits this version of the authorization, and answers with it.
  absl::StatusOr<v1::Authorization> Save(const rpc::Call& call, const Authorization& authorization,
                                         absl::string_view event_type);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStore& partners_;
  const AuthorizationStore& authorizations_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_SERVICE_H_
