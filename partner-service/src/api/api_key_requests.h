// Requests of ApiKeyService, checked and in the domain's types.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/api_key_service.pb.h"

namespace countersign::partner {

struct CreateApiKeyCommand {
  Uuid tenant;  // The partner.
  std::string display_name;
  std::optional<absl::Time> expire_time;
};
absl::StatusOr<CreateApiKeyCommand> ParseCreateApiKey(const rpc::Call& call, const v1::CreateApiKeyRequest& request);

struct VerifyApiKeyCommand {
  std::string api_key;  // As presented, unchecked: the verifier gives one answer for everything that is not a live key.
};
absl::StatusOr<VerifyApiKeyCommand> ParseVerifyApiKey(const rpc::Call& call, const v1::VerifyApiKeyRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_REQUESTS_H_
