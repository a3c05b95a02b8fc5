// Invoices with their lines and frozen fee segments.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_INVOICE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_INVOICE_STORE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"

namespace countersign::billing {

// What of an account can take money.
struct Receivables {
  std::vector<Invoice> invoices;  // OPEN and UNCOLLECTIBLE, oldest first; without their lines.
  std::vector<FeeEntry> frozen;   // Their fee entries, in order of invoice, line and segment.
};

// Errors of all methods: those of mysql::Database. The lines of invoices are read without their fee segments.
class InvoiceStore {
 public:
  explicit InvoiceStore(mysql::Database& database) : database_(database) {}

  absl::StatusOr<std::optional<Invoice>> Find(absl::Time deadline, const Uuid& account, const Uuid& invoice) const;

  // The account's invoices in sequence; only those of `order` if given. A condition is on columns of invoices.
  absl::StatusOr<mysql::Page<Invoice>> List(absl::Time deadline, const Uuid& account,
                                            const std::optional<OrderReference>& order,
                                            const mysql::PageQuery& query) const;

  absl::StatusOr<Receivables> ListReceivables(absl::Time deadline, const Uuid& account) const;

 private:
  mysql::Database& database_;
};

// Within a transaction: the invoice with lines and fee segments. Error: LostRace() when it is there already.
absl::Status InsertInvoice(mysql::Connection& connection, const Invoice& invoice);

// Within a transaction: stores state, paid and paid_time where the row has the version before. Error: LostRace().
absl::Status UpdatePaid(mysql::Connection& connection, const Invoice& invoice);

// Within a transaction: stores what a frozen entry earned. Error: LostRace() when it is not there or earned before.
absl::Status UpdateEarned(mysql::Connection& connection, const FeeEntry& fee);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_INVOICE_STORE_H_
