// Whose key a presented API key is: for VerifyApiKey, which the other services ask, and for this service's own callers.
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
  ApiKeyVerifier(PartnerStore& partners, ApiKeyStore& keys) : partners_(partners), keys_(keys) {}

  struct Verified {
    Partner partner;
    ApiKey key;
  };
  // The owner of a live key whose partner is not out; writes its last use, at most once a minute (where that fails, the
  // key is good all the same). Error: NOT_FOUND API_KEY_INVALID, one and the same for everything that is no such key.
  absl::StatusOr<Verified> Verify(absl::string_view presented, absl::Time now, absl::Time deadline) const;

 private:
  PartnerStore& partners_;
  ApiKeyStore& keys_;
};

// How this service itself admits those who come with a key: it asks nobody and remembers nothing, so a key that was
// revoked is dead here at once. Both must outlive the result.
rpc::KeyVerifier LocalKeyVerifier(const ApiKeyVerifier& verifier, const Clock& clock);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_VERIFIER_H_
