// Bank receipts and the reservation of the bank's references.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/payment.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class BankReceiptStore {
 public:
  explicit BankReceiptStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND BANK_RECEIPT_NOT_FOUND.
  absl::StatusOr<BankReceipt> Get(absl::Time deadline, const Uuid& receipt) const;

  // The receipt that bears the bank's reference or has reserved it.
  absl::StatusOr<std::optional<Uuid>> FindReference(absl::Time deadline, const std::string& external_reference) const;

  // Reserves the reference for the receipt; again by the same receipt is OK. Commits by itself. Error: ALREADY_EXISTS
  // EXTERNAL_REFERENCE_TAKEN when another receipt has it.
  absl::Status Reserve(absl::Time deadline, const std::string& external_reference, const Uuid& receipt) const;

  // The new receipt, for a change with its event.
  static mysql::RowWrite Row(const BankReceipt& receipt);

 private:
  mysql::Database& database_;
};

// ALREADY_EXISTS EXTERNAL_REFERENCE_TAKEN.
absl::Status ExternalReferenceTaken(const std::string& external_reference);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_
