#include "billing-service/src/api/transfer_code_requests.h"

#include <vector>

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<CreateTransferCodeCommand> ParseCreateTransferCode(const rpc::Call&,
                                                                  const v1::CreateTransferCodeRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "parent", kSubscriptionName, request.parent());
  const Uuid id = rpc::RequireUuid(violations, "transfer_code_id", request.transfer_code_id());
  RETURN_IF_ERROR(violations.ToStatus());
  return CreateTransferCodeCommand{.tenant = ids[0], .subscription = ids[1], .id = id};
}

absl::StatusOr<ResolveTransferCodeCommand> ParseResolveTransferCode(const rpc::Call&,
                                                                    const v1::ResolveTransferCodeRequest& request) {
  FieldViolations violations;
  const Uuid id = rpc::RequireUuid(violations, "transfer_code_id", request.transfer_code_id());
  RETURN_IF_ERROR(violations.ToStatus());
  return ResolveTransferCodeCommand{.id = id};
}

}  // namespace countersign::billing
