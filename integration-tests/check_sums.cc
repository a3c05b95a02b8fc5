// The sums that reports of the ledger read are those of the entries that were added to them, each once.
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

// Each sum less its entries.
#define COUNTERSIGN_SUMMED(span, start)                                                                   \
  "SELECT '" span "' AS span, e.currency, " start                                                         \
  " AS start_date, e.account, -e.debit_micros AS debit_micros, -e.credit_micros AS credit_micros "        \
  "FROM ledger_transactions t JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = " \
  "t.transaction_id WHERE t.unsummed_bucket IS NULL"
constexpr absl::string_view kSumsThatDiffer =
    "SELECT CONCAT(account, ' in ', currency, ', ', span, ' of ', start_date) FROM ("
    "SELECT span, currency, start_date, account, debit_micros, credit_micros FROM posted_sums "
    "UNION ALL " COUNTERSIGN_SUMMED("DAY", "t.post_date") " UNION ALL " COUNTERSIGN_SUMMED(
        "MONTH", "DATE_SUB(t.post_date, INTERVAL DAYOFMONTH(t.post_date) - 1 DAY)") ") AS posted "
    "GROUP BY account, currency, span, start_date HAVING SUM(debit_micros) <> 0 OR SUM(credit_micros) <> 0";

constexpr absl::string_view kTenantSumsThatDiffer =
    "SELECT CONCAT(account, ' in ', currency, ' of ', HEX(tenant_id), ', ', start_date) FROM ("
    "SELECT tenant_id, currency, account, start_date, debit_micros, credit_micros FROM tenant_sums UNION ALL "
    "SELECT t.tenant_id, e.currency, e.account, DATE_SUB(t.post_date, INTERVAL DAYOFMONTH(t.post_date) - 1 DAY) "
    "AS start_date, -e.debit_micros AS debit_micros, -e.credit_micros AS credit_micros FROM ledger_transactions t "
    "JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id "
    "WHERE t.unsummed_bucket IS NULL) AS posted GROUP BY account, currency, tenant_id, start_date "
    "HAVING SUM(debit_micros) <> 0 OR SUM(credit_micros) <> 0";
// A statement finds an entry by its own day, and by its transaction's; it pages by transaction.
constexpr absl::string_view kDaysThatDiffer =
    "SELECT HEX(e.transaction_id) FROM ledger_entries e JOIN ledger_transactions t ON t.tenant_id = e.tenant_id "
    "AND t.transaction_id = e.transaction_id WHERE t.post_date <> e.post_date";
constexpr absl::string_view kAccountsTwice =
    "SELECT HEX(transaction_id), account FROM ledger_entries GROUP BY tenant_id, transaction_id, account, currency "
    "HAVING COUNT(*) > 1";

}  // namespace

absl::Status CheckSums(mysql::Connection& billing, Sentences& broken) {
  RETURN_IF_ERROR(
      ExpectNone(billing, kTenantSumsThatDiffer, "a sum of a tenant's postings is not that of its entries", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kDaysThatDiffer, "an entry counts for another day than its transaction", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kAccountsTwice, "an account comes twice in a ledger transaction", broken));
  return ExpectNone(billing, kSumsThatDiffer, "a sum of postings is not that of its entries", broken);
}

}  // namespace countersign::integration
