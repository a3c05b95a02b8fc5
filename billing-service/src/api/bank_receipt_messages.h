// Bank receipts as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_MESSAGES_H_

#include "billing-service/src/domain/bank_receipt.h"
#include "countersign/billing/v1/bank_receipt.pb.h"

namespace countersign::billing {

v1::BankReceipt ToProto(const BankReceipt& receipt);

// The payload of the event that made this version. `allocated` is the version whose account and payment it is about:
// this one, or the one before where the allocation ends.
v1::BankReceiptEvent EventOf(const BankReceipt& receipt, const BankReceipt& allocated);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_MESSAGES_H_
