// countersign.partner.v1.ApiKeyService: the stories of the keys with which a partner's programs call.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "partner-service/src/api/api_key_requests.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of api_key_service.proto.
class ApiKeyService final : public v1::ApiKeyService::Service {
 public:
  // All must outlive the service.
  ApiKeyService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStore& partners,
                const ApiKeyStore& keys, const ApiKeyVerifier& verifier)
      : endpoint_(endpoint), committer_(committer), partners_(partners), keys_(keys), verifier_(verifier) {}

  grpc::Status CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest* request,
                            v1::ApiKey* reply) override {
    return endpoint_.Mutate(Method("CreateApiKey"), context, *request, reply, ParseCreateApiKey,
                            std::bind_front(&ApiKeyService::Create, this));
  }
  grpc::Status GetApiKey(grpc::ServerContext* context, const v1::GetApiKeyRequest* request,
                         v1::ApiKey* reply) override {
    return endpoint_.Read(Method("GetApiKey"), context, *request, reply, rpc::ParseNamed{kApiKeyName},
                          std::bind_front(&ApiKeyService::Get, this));
  }
  grpc::Status ListApiKeys(grpc::ServerContext* context, const v1::ListApiKeysRequest* request,
                           v1::ListApiKeysResponse* reply) override {
    return endpoint_.Read(Method("ListApiKeys"), context, *request, reply,
                          rpc::ParseList{kPartnerName, ApiKeyFilterFields()},
                          std::bind_front(&ApiKeyService::List, this));
  }
  grpc::Status RevokeApiKey(grpc::ServerContext* context, const v1::RevokeApiKeyRequest* request,
                            v1::ApiKey* reply) override {
    return endpoint_.Mutate(Method("RevokeApiKey"), context, *request, reply, rpc::ParseNamed{kApiKeyName},
                            std::bind_front(&ApiKeyService::Revoke, this));
  }
  grpc::Status VerifyApiKey(grpc::ServerContext* context, const v1::VerifyApiKeyRequest* request,
                            v1::VerifyApiKeyResponse* reply) override {
    return endpoint_.Read(Method("VerifyApiKey"), context, *request, reply, ParseVerifyApiKey,
                          std::bind_front(&ApiKeyService::Verify, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::ApiKeyService::service_full_name(), name}; }

  absl::StatusOr<v1::ApiKey> Create(const rpc::Call& call, const CreateApiKeyCommand& command);
  absl::StatusOr<v1::ApiKey> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListApiKeysResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::ApiKey> Revoke(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::VerifyApiKeyResponse> Verify(const rpc::Call& call, const VerifyApiKeyCommand& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStore& partners_;
  const ApiKeyStore& keys_;
  const ApiKeyVerifier& verifier_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_SERVICE_H_
