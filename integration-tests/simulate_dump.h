// Dumps the services' rows after a simulation as JSON, one object a line, for a model to compare with.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_DUMP_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_DUMP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "integration-tests/checker.h"
#include "integration-tests/simulate_customer.h"

namespace countersign::integration {

// An invoice that opened on or after a day, and the account it is of, "billingAccounts/…".
struct AccountInvoice {
  std::string account;
  OpenedInvoice invoice;
};

// In the order of accounts and numbers.
absl::StatusOr<std::vector<AccountInvoice>> InvoicesSince(mysql::Connection& billing, Date day);

// Prices, payout terms, invoices and their lines, credit notes, refunds, fees, statements and payouts. Errors: those of
// reading; UNAVAILABLE when the file cannot be written.
absl::Status DumpResults(const Schemas& schemas, const std::string& path);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_DUMP_H_
