// The consumer "payments": uses a bank receipt's money on its account.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_PAYMENT_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_PAYMENT_RELAY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/payment_store.h"
#include "common/base/clock.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Follows BANK_RECEIPT_CREATED. The receipt and the account are different tenants, hence two commits; the payment's id
// derives from the receipt, so a delivery that comes twice pays once.
class PaymentRelay {
 public:
  // All must outlive the relay that the consumer is given to; so must this object.
  PaymentRelay(events::Committer& committer, const BankReceiptStore& receipts, const BillingAccountStore& accounts,
               const InvoiceStore& invoices, const PaymentStore& payments, const Clock& clock)
      : committer_(committer),
        receipts_(receipts),
        accounts_(accounts),
        invoices_(invoices),
        payments_(payments),
        clock_(clock) {}

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;

  events::Committer& committer_;
  const BankReceiptStore& receipts_;
  const BillingAccountStore& accounts_;
  const InvoiceStore& invoices_;
  const PaymentStore& payments_;
  const Clock& clock_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_PAYMENT_RELAY_H_
