// Legal entities as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_MESSAGES_H_

#include "billing-service/src/domain/legal_entity.h"
#include "countersign/billing/v1/legal_entity.pb.h"

namespace countersign::billing {

v1::LegalEntity ToProto(const LegalEntity& entity);

// The payload of LEGAL_ENTITY_CREATED.
v1::LegalEntityEvent EventOf(const LegalEntity& entity);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_MESSAGES_H_
