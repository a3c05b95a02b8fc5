// Agreements and their acceptances as messages.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_MESSAGES_H_

#include "countersign/partner/v1/agreement.pb.h"
#include "partner-service/src/domain/agreement.h"

namespace countersign::partner {

v1::Agreement ToProto(const Agreement& agreement);
v1::AgreementAcceptance ToProto(const AgreementAcceptance& acceptance);

// The payload of the event that made this agreement.
v1::AgreementEvent EventOf(const Agreement& agreement);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_MESSAGES_H_
