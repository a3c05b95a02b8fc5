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
#include "common/events/change.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Errors of all methods, beside those named: those of mysql::Database.
class BankReceiptStore {
 public:
  explicit BankReceiptStore(mysql::Database& database) : database_(database) {}

  absl::StatusOr<std::optional<BankReceipt>> Find(absl::Time deadline, const Uuid& receipt) const;

  // The receipt that bears the bank's reference or has reserved it.
  absl::StatusOr<std::optional<Uuid>> FindReference(absl::Time deadline, const std::string& external_reference) const;

  // Reserves the reference for the receipt; again by the same receipt is OK. Commits by itself. Error: ALREADY_EXISTS
  // EXTERNAL_REFERENCE_TAKEN when another receipt has it.
  absl::Status Reserve(absl::Time deadline, const std::string& external_reference, const Uuid& receipt) const;

  // The receipt with `change`, in one transaction. Errors: LostRace() when it is there already; those of
  // events::Commit.
  absl::Status Create(absl::Time deadline, const events::Change& change, const BankReceipt& receipt) const;

 private:
  mysql::Database& database_;
};

// ALREADY_EXISTS EXTERNAL_REFERENCE_TAKEN.
absl::Status ExternalReferenceTaken(const std::string& external_reference);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_
