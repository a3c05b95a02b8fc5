// Bank receipts as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_MESSAGES_H_

#include "billing-service/src/domain/payment.h"
#include "countersign/billing/v1/bank_receipt.pb.h"

namespace countersign::billing {

v1::BankReceipt ToProto(const BankReceipt& receipt);

// The payload of the event that made it.
v1::BankReceiptEvent EventOf(const BankReceipt& receipt);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_MESSAGES_H_
