// CreateBankReceipt.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_HANDLERS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/domain/payment.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_service.pb.h"
#include "countersign/billing/v1/payment.pb.h"

namespace countersign::billing {

struct CreateBankReceipt {
  Uuid tenant;  // The receipt, whose id derives from the request.
  BankReceipt receipt;
};

absl::StatusOr<CreateBankReceipt> ParseCreateBankReceipt(const rpc::Call& call,
                                                         const v1::CreateBankReceiptRequest& request);

class BankReceiptHandlers {
 public:
  // All must outlive the handlers.
  BankReceiptHandlers(const BankReceiptStore& receipts, const BillingAccountStore& accounts,
                      const InvoiceStore& invoices)
      : receipts_(receipts), accounts_(accounts), invoices_(invoices) {}

  absl::StatusOr<v1::BankReceipt> Create(const rpc::Call& call, const CreateBankReceipt& command) const;

 private:
  // That the account and the invoice are there, in the receipt's currency, and the reference is free.
  absl::Status Check(const rpc::Call& call, const BankReceipt& receipt) const;

  const BankReceiptStore& receipts_;
  const BillingAccountStore& accounts_;
  const InvoiceStore& invoices_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BANK_RECEIPT_HANDLERS_H_
