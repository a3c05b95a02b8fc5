// Requests of StatementService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_REQUESTS_H_

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/statement_service.pb.h"

namespace countersign::billing {

struct CloseStatementsCommand {
  Uuid tenant;  // The partner.
};
absl::StatusOr<CloseStatementsCommand> ParseCloseStatements(const rpc::Call& call,
                                                            const v1::CloseStatementsRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_REQUESTS_H_
