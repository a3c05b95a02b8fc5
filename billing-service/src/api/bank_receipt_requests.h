// Requests of BankReceiptService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_REQUESTS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/payment.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/bank_receipt_service.pb.h"

namespace countersign::billing {

struct CreateBankReceiptCommand {
  Uuid tenant;  // The receipt, whose id derives from the request.
  BankReceipt receipt;
};
absl::StatusOr<CreateBankReceiptCommand> ParseCreateBankReceipt(const rpc::Call& call,
                                                                const v1::CreateBankReceiptRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_REQUESTS_H_
