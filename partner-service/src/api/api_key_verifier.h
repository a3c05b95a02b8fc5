// Tells whose a presented API key is: for VerifyApiKey, which the other services ask, and for this service's callers.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_VERIFIER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_VERIFIER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/rpc/api_key.h"
#include "partner-service/src/domain/api_key.h"
#include "partner-service/src/domain/partner.h"
#include "partner-service/src/store/api_key_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe.
class ApiKeyVerifier {
 public:
  // Both must outlive the verifier.
  ApiKeyVerifier(const PartnerStore& partners, const ApiKeyStore& keys) : partners_(partners), keys_(keys) {}

  struct Verified {
    Partner partner;
    ApiKey key;
  };
  // The owner of a live key whose partner is not out. Records the use, at most once in kLastUseResolution; the key is
  // accepted even if that fails. Error: NOT_FOUND API_KEY_INVALID, the same for everything else.
  absl::StatusOr<Verified> Verify(absl::Time deadline, absl::string_view presented, absl::Time now) const;

 private:
  const PartnerStore& partners_;
  const ApiKeyStore& keys_;
};

// Verifies the keys of this service's own callers. It asks no peer and caches nothing, so a revoked key is dead here at
// once. Both must outlive the result.
rpc::KeyVerifier LocalKeyVerifier(const ApiKeyVerifier& verifier, const Clock& clock);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_VERIFIER_H_
