#include "billing-service/src/store/posted_entry_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/ledger_report.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {
namespace {

// The rest of the position's tenant, then of its day, then the days after: each is a range of one index, and none is
// longer than the page.
std::string StatementOfAll() {
  const auto part = [](absl::string_view range) {
    return absl::StrCat(
        "(SELECT post_date, tenant_id, transaction_id, debit_micros, credit_micros FROM ledger_entries "
        "FORCE INDEX (ledger_entries_by_account) WHERE account = ? AND currency = ? AND ",
        range, " ORDER BY post_date, tenant_id, transaction_id LIMIT ?)");
  };
  return absl::StrCat(
      "SELECT e.post_date, e.tenant_id, e.transaction_id, t.act, t.subject_id, e.debit_micros, e.credit_micros FROM (",
      part("post_date = ? AND tenant_id = ? AND transaction_id > ?"), " UNION ALL ",
      part("post_date = ? AND tenant_id > ?"), " UNION ALL ", part("post_date > ? AND post_date <= ?"),
      ") AS e STRAIGHT_JOIN ledger_transactions t FORCE INDEX (PRIMARY) "
      "ON t.tenant_id = e.tenant_id AND t.transaction_id = e.transaction_id "
      "ORDER BY e.post_date, e.tenant_id, e.transaction_id LIMIT ?");
}

// The transactions first, by the index of days: a tenant's transaction has few entries.
constexpr absl::string_view kOfTenant =
    "SELECT t.post_date, t.tenant_id, t.transaction_id, t.act, t.subject_id, e.debit_micros, e.credit_micros "
    "FROM ledger_transactions t FORCE INDEX (ledger_transactions_by_day) STRAIGHT_JOIN ledger_entries e "
    "ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id "
    "WHERE t.tenant_id = ? AND t.post_date BETWEEN ? AND ? AND (t.post_date > ? OR t.transaction_id > ?) "
    "AND e.account = ? AND e.currency = ? ORDER BY t.post_date, t.transaction_id LIMIT ?";

// One statement, so that a transaction that is added to the sums meanwhile counts once.
constexpr absl::string_view kTenantBalance =
    "SELECT CAST(COALESCE(SUM(posted.debit_micros - posted.credit_micros), 0) AS SIGNED) FROM ("
    "SELECT debit_micros, credit_micros FROM tenant_sums WHERE tenant_id = ? AND currency = ? AND account = ? "
    "AND start_date < ? UNION ALL "
    "SELECT e.debit_micros, e.credit_micros FROM ledger_transactions t FORCE INDEX (ledger_transactions_by_day) "
    "STRAIGHT_JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id "
    "WHERE t.tenant_id = ? AND t.post_date >= ? AND t.post_date < ? AND e.currency = ? AND e.account = ? UNION ALL "
    "SELECT e.debit_micros, e.credit_micros FROM ledger_transactions t FORCE INDEX (ledger_transactions_unsummed) "
    "STRAIGHT_JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id "
    "WHERE t.unsummed_bucket = ? AND t.tenant_id = ? AND t.post_date < ? AND e.currency = ? AND e.account = ?"
    ") AS posted";

PostedEntry EntryOf(mysql::RowReader& row, absl::string_view currency) {
  PostedEntry entry;
  entry.date = row.Day();
  entry.tenant = row.Id();
  entry.transaction = row.Id();
  entry.act = row.Text();
  entry.subject = row.Id();
  entry.debit = row.Amount(currency);
  entry.credit = row.Amount(currency);
  return entry;
}

}  // namespace

mysql::PageStatement PostedEntryStore::ListStatement(const EntriesOf& of, const StatementPosition& after, Date end,
                                                     int size) {
  static const std::string* const of_all = new std::string(StatementOfAll());
  const int64_t limit = int64_t{size} + 1;  // One more tells whether there is a next page.
  if (of.tenant.has_value()) {
    return {std::string(kOfTenant),
            {*of.tenant, after.date, end, after.date, after.transaction, of.account, of.currency, limit},
            size};
  }
  return {*of_all,
          {of.account, of.currency, after.date, after.tenant, after.transaction, limit,  //
           of.account, of.currency, after.date, after.tenant, limit,                     //
           of.account, of.currency, after.date, end, limit,                              //
           limit},
          size};
}

absl::StatusOr<PostedPage> PostedEntryStore::List(absl::Time deadline, const EntriesOf& of,
                                                  const StatementPosition& after, Date end, int size) const {
  const mysql::PageStatement statement = ListStatement(of, after, end, size);
  PostedPage page;
  ASSIGN_OR_RETURN(page.entries,
                   mysql::ListBy<PostedEntry>(database_, deadline, statement.sql, statement.parameters,
                                              [&](mysql::RowReader& row) { return EntryOf(row, of.currency); }));
  page.more = page.entries.size() > static_cast<size_t>(size);
  if (page.more) page.entries.pop_back();
  return page;
}

absl::StatusOr<Money> PostedEntryStore::BalanceBefore(absl::Time deadline, const EntriesOf& of, Date start) const {
  const Uuid tenant = of.tenant.value_or(Uuid());
  const Date month = FirstOfMonth(start);
  ASSIGN_OR_RETURN(const std::optional<Money> balance,
                   mysql::FindBy<Money>(database_, deadline, kTenantBalance,
                                        {tenant, of.currency, of.account, month, tenant, month, start, of.currency,
                                         of.account, events::BucketOf(tenant), tenant, month, of.currency, of.account},
                                        [&](mysql::RowReader& row) { return row.Amount(of.currency); }));
  return balance.has_value() ? *balance : Money::Zero(of.currency);
}

}  // namespace countersign::billing
