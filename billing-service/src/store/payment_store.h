// Payments and what they settle.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYMENT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYMENT_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/settlement.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which payments may be filtered.
std::vector<mysql::FilterField> PaymentFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PaymentStore {
 public:
  explicit PaymentStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<bool> Exists(absl::Time deadline, const Uuid& account, const Uuid& payment) const;

  // The payment with what it paid; nullopt when there is none.
  absl::StatusOr<std::optional<Payment>> Find(absl::Time deadline, const Uuid& account, const Uuid& payment) const;

  // Of one account, or (nullopt) of all, oldest first, with what they paid.
  absl::StatusOr<mysql::Page<Payment>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                            const mysql::PageQuery& query) const;

  // Everything that the settlement, or its reversal, writes, for a change with the events of the payment, the account,
  // the invoices and the fees. Error: INTERNAL when the posting does not balance.
  static absl::StatusOr<std::vector<mysql::RowWrite>> Rows(const Settlement& settlement);

  // Of a payment that failed before its money was used, for a change with its event.
  static std::vector<mysql::RowWrite> Rows(const Payment& payment);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYMENT_STORE_H_
