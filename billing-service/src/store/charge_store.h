// Charges: every attempt, for ever.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_CHARGE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_CHARGE_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/charge.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

inline constexpr mysql::Table kCharges = {
    .name = "charges",
    .key = "account_id, charge_id",
    .fixed = "invoice_id, attempt, bucket, currency, amount_micros, payment_token, create_time",
    .changing = "state, decline_reason, processor_reference, payment_id, next_date, version, update_time"};

// The fields by which charges may be filtered.
std::vector<mysql::FilterField> ChargeFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class ChargeStore {
 public:
  explicit ChargeStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND CHARGE_NOT_FOUND.
  absl::StatusOr<Charge> Get(absl::Time deadline, const Uuid& account, const Uuid& charge) const;

  // Every attempt for the invoice, the first one first.
  absl::StatusOr<std::vector<Charge>> ListOfInvoice(absl::Time deadline, const Uuid& account,
                                                    const Uuid& invoice) const;

  // The account's charges, or all, oldest first.
  absl::StatusOr<mysql::Page<Charge>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                           const mysql::PageQuery& query) const;

  // The bucket's charges that are not settled, after the id `after` in the order of their ids.
  absl::StatusOr<std::vector<Charge>> ListOpen(absl::Time deadline, int bucket, const Uuid& after, int limit) const;

  // Invoices that may have to be charged.
  struct Due {
    Uuid account;
    Uuid invoice;
  };
  // Those of the bucket, after the id `after` in the order of their ids: OPEN and due on `today`, of an account that
  // can be charged and whose dunning is not held, without an attempt that blocks another.
  absl::StatusOr<std::vector<Due>> ListDue(absl::Time deadline, int bucket, Date today, const Uuid& after,
                                           int limit) const;

  // The buckets in which either of these lists has something.
  absl::StatusOr<std::vector<int>> ListDueBuckets(absl::Time deadline, Date today) const;

  // This version, for a change with its event.
  static mysql::RowWrite Row(const Charge& charge);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_CHARGE_STORE_H_
