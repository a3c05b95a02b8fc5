// Reads and writes the rows of an act on an account's money (domain/account_book.h).
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_BOOK_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_BOOK_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/payment.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class AccountBookStore {
 public:
  explicit AccountBookStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The account with every invoice that can take money and `others`, whatever their state. The account is read first:
  // whatever changes in between makes the commit lose. Errors: NOT_FOUND BILLING_ACCOUNT_NOT_FOUND, INVOICE_NOT_FOUND.
  absl::StatusOr<AccountState> Read(absl::Time deadline, const Uuid& account, std::vector<Uuid> others = {}) const;

  // The same for a payment that is reversed: with what it paid, the uses of credit that it may take back, those not
  // undone in full, and their invoices.
  struct WithUses {
    AccountState state;
    std::vector<CreditUse> uses;
  };
  absl::StatusOr<WithUses> ReadForReversal(absl::Time deadline, const Payment& payment) const;

 private:
  absl::Status ReadInvoices(absl::Time deadline, std::vector<Uuid> others, AccountState& state) const;

  mysql::Database& database_;
};

// Everything that an act on an account's money writes beside its own record, for a change with the events of
// AccountEvents. Error: INTERNAL when its posting does not balance.
absl::StatusOr<std::vector<mysql::RowWrite>> RowsOf(const AccountChange& change);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ACCOUNT_BOOK_STORE_H_
