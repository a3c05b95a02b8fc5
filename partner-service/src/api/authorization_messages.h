// Authorizations as messages.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_MESSAGES_H_

#include "countersign/partner/v1/authorization.pb.h"
#include "partner-service/src/domain/authorization.h"

namespace countersign::partner {

v1::Authorization ToProto(const Authorization& authorization);

// The payload of the event that made this version.
v1::AuthorizationEvent EventOf(const Authorization& authorization);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_MESSAGES_H_
