// Invoices with their lines and frozen fee segments.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_INVOICE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_INVOICE_STORE_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/condition.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The invoices of an account that can take money.
struct Receivables {
  std::vector<Invoice> invoices;  // OPEN and UNCOLLECTIBLE, oldest first.
  std::vector<FeeEntry> fees;     // Their fee entries: frozen, accrued and reversed.
};

// The fields by which invoices may be filtered.
std::vector<mysql::FilterField> InvoiceFilterFields();

// Leaves out the invoices that the activation of another order opened.
void RestrictToOrder(mysql::Condition& condition, const OrderReference& order);

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED). Lines are
// read without their fee segments.
class InvoiceStore {
 public:
  explicit InvoiceStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND INVOICE_NOT_FOUND.
  absl::StatusOr<Invoice> Get(absl::Time deadline, const Uuid& account, const Uuid& invoice) const;

  // Each of these invoices, by account and id, in their order; one statement for all. Errors of an invoice: those of
  // Get, DATA_LOSS.
  absl::StatusOr<std::vector<absl::StatusOr<Invoice>>> GetEach(
      absl::Time deadline, const std::vector<std::pair<Uuid, Uuid>>& invoices) const;

  // Several invoices, in sequence. Error: NOT_FOUND INVOICE_NOT_FOUND for the first that is not there. `invoices` must
  // not be empty.
  absl::StatusOr<std::vector<Invoice>> GetAll(absl::Time deadline, const Uuid& account,
                                              const std::vector<Uuid>& invoices) const;

  // The account's invoices in sequence, or (nullopt) those of all accounts, oldest first.
  absl::StatusOr<mysql::Page<Invoice>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                            const mysql::PageQuery& query) const;

  // The statement of such a page of all accounts.
  static mysql::PageStatement ListOfAll(const mysql::PageQuery& query);

  // The invoices with a line of the subscription that serves on `from` or later, in no order.
  absl::StatusOr<std::vector<Uuid>> ListServing(absl::Time deadline, const Uuid& account, const Uuid& subscription,
                                                Date from) const;

  absl::StatusOr<Receivables> ListReceivables(absl::Time deadline, const Uuid& account) const;

  // This version of the invoice, for a change with its event.
  static mysql::RowWrite Row(const Invoice& invoice);

  // Its first version, with its lines and frozen fee segments.
  static std::vector<mysql::RowWrite> OpenedRows(const Invoice& invoice);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_INVOICE_STORE_H_
