// Bank receipts and the reservation of their identities.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/bank_receipt.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

inline constexpr mysql::Table kBankReceipts = {
    .name = "bank_receipts",
    .key = "receipt_id",
    .fixed =
        "receiving_bank_account, booking_date, external_reference, line, currency, amount_micros, value_date, "
        "create_time",
    .changing = "state, account_id, invoice_id, allocation, version"};

// The fields by which receipts may be filtered.
std::vector<mysql::FilterField> BankReceiptFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class BankReceiptStore {
 public:
  explicit BankReceiptStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND BANK_RECEIPT_NOT_FOUND.
  absl::StatusOr<BankReceipt> Get(absl::Time deadline, const Uuid& receipt) const;

  // Receipts of all accounts, oldest first.
  absl::StatusOr<mysql::Page<BankReceipt>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // OK unless another receipt bears the identity. Error: ALREADY_EXISTS EXTERNAL_REFERENCE_TAKEN.
  absl::Status CheckFree(absl::Time deadline, const BankReceipt& receipt) const;

  // Reserves the identity for the receipt, before its row is written. A reservation whose receipt was never written, or
  // was written with another identity, is taken over. Commits by itself; again, it is OK. Error: ALREADY_EXISTS
  // EXTERNAL_REFERENCE_TAKEN.
  absl::Status Reserve(absl::Time deadline, const BankReceipt& receipt) const;

  // For the change that writes the new receipt (events::Change::also): holds the reservation until the commit, so that
  // nobody takes it over meanwhile. Error: LostRace() where somebody has.
  static absl::Status HoldReservation(mysql::Connection& connection, const BankReceipt& receipt);

  // This version of the receipt, for a change with its event.
  static mysql::RowWrite Row(const BankReceipt& receipt);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_BANK_RECEIPT_STORE_H_
