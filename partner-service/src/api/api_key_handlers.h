// The stories of a partner's API keys.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/api_key_requests.h"
#include "partner-service/src/api/api_key_verifier.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of the methods in partner_service.proto.
class ApiKeyHandlers {
 public:
  // All must outlive the handlers.
  ApiKeyHandlers(PartnerStore& partners, ApiKeyStore& keys, const ApiKeyVerifier& verifier)
      : partners_(partners), keys_(keys), verifier_(verifier) {}

  // The only reply with a secret: it is stored sealed.
  absl::StatusOr<v1::ApiKey> Create(const rpc::Call& call, const CreateApiKey& command);
  absl::StatusOr<v1::ApiKey> Get(const rpc::Call& call, const FindApiKey& command) const;
  absl::StatusOr<v1::ListApiKeysResponse> List(const rpc::Call& call, const ListUnderPartner& command) const;
  absl::StatusOr<v1::ApiKey> Revoke(const rpc::Call& call, const RevokeApiKey& command);
  absl::StatusOr<v1::VerifyApiKeyResponse> Verify(const rpc::Call& call, const VerifyApiKey& command) const;

 private:
  PartnerStore& partners_;
  ApiKeyStore& keys_;
  const ApiKeyVerifier& verifier_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_HANDLERS_H_
