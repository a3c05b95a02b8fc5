#include "billing-service/src/api/statement_requests.h"

#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<CloseStatementsCommand> ParseCloseStatements(const rpc::Call& call,
                                                            const v1::CloseStatementsRequest& request) {
  FieldViolations violations;
  const Uuid partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(partner));
  return CloseStatementsCommand{partner};
}

}  // namespace countersign::billing
