// Requests of LegalEntityService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/legal_entity.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/legal_entity_service.pb.h"

namespace countersign::billing {

struct CreateLegalEntityCommand {
  Uuid tenant;  // The entity itself: it belongs to nobody.
  LegalEntity entity;
};
absl::StatusOr<CreateLegalEntityCommand> ParseCreateLegalEntity(const rpc::Call& call,
                                                                const v1::CreateLegalEntityRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_REQUESTS_H_
