// The sums that reports of the ledger read are those of the entries that were added to them, each once.
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

// What is in a sum, less the entries that it is of.
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

}  // namespace

absl::Status CheckSums(mysql::Connection& billing, Sentences& broken) {
  return ExpectNone(billing, kSumsThatDiffer, "a sum of postings is not that of its entries", broken);
}

}  // namespace countersign::integration
