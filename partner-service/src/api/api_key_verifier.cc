#include "partner-service/src/api/api_key_verifier.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "partner-service/client/partner_key_verifier.h"
#include "partner-service/src/api/api_key_messages.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {
namespace {

absl::Status Invalid() { return NotFound("API_KEY_INVALID", "The API key is invalid or has expired."); }

}  // namespace

absl::StatusOr<ApiKeyVerifier::Verified> ApiKeyVerifier::Verify(absl::Time deadline, absl::string_view presented,
                                                                absl::Time now) const {
  const std::optional<PresentedApiKey> parts = ParseApiKey(presented);
  if (!parts.has_value()) return Invalid();
  ASSIGN_OR_RETURN(std::optional<ApiKey> key, keys_.FindByKeyId(deadline, parts->partner_id, parts->key_id));
  if (!SecretMatches(key, parts->secret) || !IsLive(*key, now)) return Invalid();
  ASSIGN_OR_RETURN(Partner partner, partners_.Get(deadline, parts->partner_id));
  if (!CheckNotOut(partner, "a caller").ok()) return Invalid();
  if (ShouldRecordUse(*key, now)) {
    const absl::Status recorded = keys_.RecordUse(deadline, *key, now);
    if (!recorded.ok()) {
      Log(Level::kWarning, "the use of an API key was not recorded", {{"error", std::string(recorded.message())}});
    }
  }
  return Verified{.partner = std::move(partner), .key = *std::move(key)};
}

rpc::KeyVerifier LocalKeyVerifier(const ApiKeyVerifier& verifier, const Clock& clock) {
  return [&verifier, &clock](absl::string_view key, absl::Time deadline) -> absl::StatusOr<rpc::VerifiedKey> {
    ASSIGN_OR_RETURN(const ApiKeyVerifier::Verified verified, verifier.Verify(deadline, key, clock.Now()));
    return rpc::VerifiedKey{.partner = verified.partner.partner_id,
                            .suspended = HasSuspendedRights(ToProto(verified.partner.state)),
                            .name = NameOf(verified.key)};
  };
}

}  // namespace countersign::partner
