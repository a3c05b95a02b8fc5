// API keys as messages.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_MESSAGES_H_

#include <string>

#include "absl/time/time.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "partner-service/src/domain/api_key.h"

namespace countersign::partner {

// "partners/{partner}/apiKeys/{api_key}"
std::string NameOf(const ApiKey& key);

// Without the key itself. `now` decides whether it is live.
v1::ApiKey ToProto(const ApiKey& key, absl::Time now);

// The payload of the event that made this version.
v1::ApiKeyEvent EventOf(const ApiKey& key);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_API_KEY_MESSAGES_H_
