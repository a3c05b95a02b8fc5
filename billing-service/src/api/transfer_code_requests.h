// Requests of TransferCodeService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_REQUESTS_H_

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/transfer_code_service.pb.h"

namespace countersign::billing {

struct CreateTransferCodeCommand {
  Uuid tenant;  // The account.
  Uuid subscription;
  Uuid id;
};
absl::StatusOr<CreateTransferCodeCommand> ParseCreateTransferCode(const rpc::Call& call,
                                                                  const v1::CreateTransferCodeRequest& request);

struct ResolveTransferCodeCommand {
  Uuid id;
};
absl::StatusOr<ResolveTransferCodeCommand> ParseResolveTransferCode(const rpc::Call& call,
                                                                    const v1::ResolveTransferCodeRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_REQUESTS_H_
