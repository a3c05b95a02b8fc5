// The consumer "payments": uses a bank receipt's money on its account, and an account's credit on its new invoices.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_PAYMENT_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_PAYMENT_RELAY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/payment_store.h"
#include "billing-service/src/store/small_difference_store.h"
#include "common/base/clock.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/relay.h"

namespace countersign::billing {

// Follows the events of bank receipts: the receipt and the account are different tenants, hence two commits; the
// payment's id derives from the receipt, so a delivery that comes twice pays once. Follows INVOICE_OPENED where the
// account had credit, and the account's own events where credit was left for another act; a delivery that comes twice
// finds it used.
class PaymentRelay {
 public:
  // All must outlive the relay that the consumer is given to; so must this object.
  PaymentRelay(events::Committer& committer, const BankReceiptStore& receipts, const AccountBookStore& books,
               const PaymentStore& payments, const SmallDifferenceStore& small_differences, const Clock& clock)
      : committer_(committer),
        receipts_(receipts),
        books_(books),
        payments_(payments),
        small_differences_(small_differences),
        clock_(clock) {}

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;
  absl::Status UseReceipt(const events::Event& event, absl::Time deadline) const;
  absl::Status TakeBack(const events::Event& event, absl::Time deadline) const;
  absl::Status UseCreditOnOpened(const events::Event& event, absl::Time deadline) const;
  absl::Status UseCredit(const events::Event& event, absl::Time deadline) const;

  events::Committer& committer_;
  const BankReceiptStore& receipts_;
  const AccountBookStore& books_;
  const PaymentStore& payments_;
  const SmallDifferenceStore& small_differences_;
  const Clock& clock_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_PAYMENT_RELAY_H_
