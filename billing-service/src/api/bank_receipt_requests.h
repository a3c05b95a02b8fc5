// Requests of BankReceiptService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/bank_receipt.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/bank_receipt_service.pb.h"

namespace countersign::billing {

struct CreateBankReceiptCommand {
  Uuid tenant;  // The receipt, whose id derives from the request.
  BankReceipt receipt;
};
// Errors also for dates that no bank would book: before two years ago or after tomorrow.
absl::StatusOr<CreateBankReceiptCommand> ParseCreateBankReceipt(const rpc::Call& call,
                                                                const v1::CreateBankReceiptRequest& request);

struct AllocateBankReceiptCommand {
  Uuid tenant;  // The receipt.
  Uuid account;
  std::optional<Uuid> invoice;
  std::string etag;
};
absl::StatusOr<AllocateBankReceiptCommand> ParseAllocateBankReceipt(const rpc::Call& call,
                                                                    const v1::AllocateBankReceiptRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_REQUESTS_H_
