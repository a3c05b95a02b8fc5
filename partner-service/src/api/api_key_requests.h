// Requests about API keys, checked and in the domain's types: as partner_requests.h.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/partner_requests.h"

namespace countersign::partner {

struct CreateApiKey {
  Uuid tenant;  // The partner.
  std::string display_name;
  std::optional<absl::Time> expire_time;
};
absl::StatusOr<CreateApiKey> ParseCreateApiKey(const rpc::Call& call, const v1::CreateApiKeyRequest& request);

struct FindApiKey {
  Uuid partner;
  Uuid api_key;
};
absl::StatusOr<FindApiKey> ParseGetApiKey(const rpc::Call& call, const v1::GetApiKeyRequest& request);

absl::StatusOr<ListUnderPartner> ParseListApiKeys(const rpc::Call& call, const v1::ListApiKeysRequest& request);

struct RevokeApiKey {
  Uuid tenant;  // The partner.
  Uuid api_key;
  std::string etag;
};
absl::StatusOr<RevokeApiKey> ParseRevokeApiKey(const rpc::Call& call, const v1::RevokeApiKeyRequest& request);

struct VerifyApiKey {
  std::string api_key;  // As presented: a key that is none is told from a good one by the verifier alone.
};
absl::StatusOr<VerifyApiKey> ParseVerifyApiKey(const rpc::Call& call, const v1::VerifyApiKeyRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_REQUESTS_H_
