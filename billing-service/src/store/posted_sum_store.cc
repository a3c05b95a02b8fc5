#include "billing-service/src/store/posted_sum_store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kMonth = "MONTH";
constexpr absl::string_view kDay = "DAY";

// In the order of the key, and so each transaction's entries one after another.
constexpr absl::string_view kUnsummed =
    "SELECT t.tenant_id, t.transaction_id, t.post_date, e.account, e.currency, e.debit_micros, e.credit_micros FROM "
    "(SELECT tenant_id, transaction_id, post_date FROM ledger_transactions WHERE unsummed_bucket = ? "
    "ORDER BY tenant_id, transaction_id LIMIT ?) t "
    "JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id "
    "ORDER BY t.tenant_id, t.transaction_id, e.entry";

constexpr absl::string_view kUnsummedBuckets =
    "SELECT leases.bucket FROM leases "
    "WHERE EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.unsummed_bucket = leases.bucket)";

constexpr mysql::Table kPostedSums = {.name = "posted_sums",
                                      .key = "bucket, span, currency, start_date, account",
                                      .changing = "debit_micros, credit_micros"};
constexpr mysql::Table kTenantSums = {.name = "tenant_sums",
                                      .key = "tenant_id, currency, account, start_date",
                                      .changing = "debit_micros, credit_micros"};
constexpr absl::string_view kOrAdd =
    " ON DUPLICATE KEY UPDATE debit_micros = debit_micros + VALUES(debit_micros), "
    "credit_micros = credit_micros + VALUES(credit_micros)";

struct TransactionKey {
  Uuid tenant;
  Uuid id;
};

struct Posted {
  int64_t debit_micros = 0;
  int64_t credit_micros = 0;
};

// By span, currency, first day and account: in the order of the key, so that two writers lock alike.
using Sums = std::map<std::tuple<std::string, std::string, Date, std::string>, Posted>;

// By tenant, currency, account and first day of the month: in the order of the key as well.
using TenantSums = std::map<std::tuple<Uuid, std::string, std::string, Date>, Posted>;

struct Batch {
  std::vector<TransactionKey> transactions;
  Sums sums;
  TenantSums of_tenants;
};

void Add(Posted& sum, const Posted& more) {
  sum.debit_micros += more.debit_micros;
  sum.credit_micros += more.credit_micros;
}

// Error: DATA_LOSS for a damaged row.
absl::Status Gather(const mysql::Row& entry, Batch& batch) {
  mysql::RowReader row(entry);
  const TransactionKey key{row.Id(), row.Id()};
  const Date date = row.Day();
  const std::string account = row.Text();
  const std::string currency = row.Text();
  const Posted posted{row.Int(), row.Int()};
  RETURN_IF_ERROR(row.status());
  if (batch.transactions.empty() || batch.transactions.back().id != key.id) batch.transactions.push_back(key);
  const Date month = FirstOfMonth(date);
  Add(batch.sums[{std::string(kDay), currency, date, account}], posted);
  Add(batch.sums[{std::string(kMonth), currency, month, account}], posted);
  Add(batch.of_tenants[{key.tenant, currency, account, month}], posted);
  return absl::OkStatus();
}

using SumRows = std::vector<std::vector<mysql::Parameter>>;

SumRows RowsOf(int bucket, const Sums& sums) {
  SumRows rows;
  for (const auto& [key, sum] : sums) {
    const auto& [span, currency, start, account] = key;
    rows.push_back({bucket, span, currency, start, account, sum.debit_micros, sum.credit_micros});
  }
  return rows;
}

SumRows RowsOf(const TenantSums& sums) {
  SumRows rows;
  for (const auto& [key, sum] : sums) {
    const auto& [tenant, currency, account, start] = key;
    rows.push_back({tenant, currency, account, start, sum.debit_micros, sum.credit_micros});
  }
  return rows;
}

// Adds to the sums that are there, many in one statement.
absl::Status AddRows(mysql::Connection& connection, const mysql::Table& table,
                     absl::Span<const SumRows::value_type> rows) {
  while (!rows.empty()) {
    const int count = mysql::RowsPerStatement(rows.size());
    std::vector<mysql::Parameter> parameters;
    for (const SumRows::value_type& row : rows.first(static_cast<size_t>(count))) {
      parameters.insert(parameters.end(), row.begin(), row.end());
    }
    const std::string sql = absl::StrCat(mysql::InsertStatement(table, count, /*put=*/false), kOrAdd);
    RETURN_IF_ERROR(connection.Execute(sql, parameters).status());
    rows.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

// Takes the transactions out of the unsummed. LostRace() when one of them is already: another replica was faster.
absl::Status Mark(mysql::Connection& connection, int bucket, absl::Span<const TransactionKey> transactions) {
  while (!transactions.empty()) {
    const int count = mysql::RowsPerStatement(transactions.size());
    std::string sql =
        "UPDATE ledger_transactions FORCE INDEX (PRIMARY) SET unsummed_bucket = NULL WHERE unsummed_bucket = ? AND "
        "((tenant_id = ? AND transaction_id = ?)";
    for (int i = 1; i < count; ++i) sql += " OR (tenant_id = ? AND transaction_id = ?)";
    std::vector<mysql::Parameter> parameters = {bucket};
    for (const TransactionKey& key : transactions.first(static_cast<size_t>(count))) {
      parameters.insert(parameters.end(), {key.tenant, key.id});
    }
    ASSIGN_OR_RETURN(const int64_t marked, connection.Execute(absl::StrCat(sql, ")"), parameters));
    if (marked != count) return LostRace();
    transactions.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

std::string InBuckets(absl::string_view column) {
  std::string sql = absl::StrCat(column, " IN (?");
  for (int bucket = 1; bucket < events::kBuckets; ++bucket) sql += ", ?";
  return sql + ")";
}

// One statement, so that a transaction that is added to the sums meanwhile counts once.
std::string SumStatement() {
  const std::string of_sums = absl::StrCat("SELECT account, debit_micros, credit_micros FROM posted_sums WHERE ",
                                           InBuckets("bucket"), " AND span = ? AND currency = ? AND start_date ");
  return absl::StrCat(
      "SELECT account, CAST(SUM(debit_micros) AS SIGNED), CAST(SUM(credit_micros) AS SIGNED) FROM (", of_sums,
      "< ? UNION ALL ", of_sums,
      "BETWEEN ? AND ? UNION ALL SELECT e.account, e.debit_micros, e.credit_micros FROM ledger_transactions t "
      "JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id WHERE ",
      InBuckets("t.unsummed_bucket"),
      " AND t.post_date <= ? AND e.currency = ?) AS posted GROUP BY account ORDER BY account");
}

// One statement, as above.
std::string MonthStatement() {
  return absl::StrCat(
      "SELECT month, account, CAST(SUM(debit_micros) AS SIGNED), CAST(SUM(credit_micros) AS SIGNED) FROM "
      "(SELECT start_date AS month, account, debit_micros, credit_micros FROM posted_sums WHERE ",
      InBuckets("bucket"),
      " AND span = ? AND currency = ? AND start_date BETWEEN ? AND ? UNION ALL "
      "SELECT DATE_SUB(t.post_date, INTERVAL DAY(t.post_date) - 1 DAY), e.account, e.debit_micros, e.credit_micros "
      "FROM ledger_transactions t "
      "JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id WHERE ",
      InBuckets("t.unsummed_bucket"),
      " AND t.post_date >= ? AND t.post_date < ? AND e.currency = ?) AS posted "
      "GROUP BY month, account ORDER BY month, account");
}

void BindBuckets(std::vector<mysql::Parameter>& parameters) {
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) parameters.emplace_back(bucket);
}

}  // namespace

absl::StatusOr<std::vector<LedgerBalance>> PostedSumStore::SumAccounts(absl::Time deadline, absl::string_view currency,
                                                                       Date date) const {
  const Date month = FirstOfMonth(date);
  std::vector<mysql::Parameter> parameters;
  BindBuckets(parameters);
  parameters.insert(parameters.end(), {kMonth, currency, month});
  BindBuckets(parameters);
  parameters.insert(parameters.end(), {kDay, currency, month, date});
  BindBuckets(parameters);
  parameters.insert(parameters.end(), {date, currency});
  return mysql::ListBy<LedgerBalance>(database_, deadline, SumStatement(), parameters, [&](mysql::RowReader& row) {
    LedgerBalance account;
    account.account = row.Text();
    account.debit = row.Amount(currency);
    account.credit = row.Amount(currency);
    return account;
  });
}

absl::StatusOr<std::vector<PostedMonth>> PostedSumStore::SumMonths(absl::Time deadline, absl::string_view currency,
                                                                   Date first, Date last) const {
  const Date start = FirstOfMonth(first);
  const Date end = FirstOfMonth(last);
  std::vector<mysql::Parameter> parameters;
  BindBuckets(parameters);
  parameters.insert(parameters.end(), {kMonth, currency, start, end});
  BindBuckets(parameters);
  parameters.insert(parameters.end(), {start, AddMonths(end, 1), currency});
  return mysql::ListBy<PostedMonth>(database_, deadline, MonthStatement(), parameters, [&](mysql::RowReader& row) {
    PostedMonth posted;
    posted.month = row.Day();
    posted.account = row.Text();
    posted.debit = row.Amount(currency);
    posted.credit = row.Amount(currency);
    return posted;
  });
}

absl::StatusOr<std::vector<int>> PostedSumStore::ListUnsummedBuckets(absl::Time deadline) const {
  return events::ListBuckets(database_, deadline, kUnsummedBuckets, {});
}

absl::StatusOr<int64_t> PostedSumStore::AddUnsummed(absl::Time deadline, int bucket, int max) const {
  // What is read here never changes but for its mark, which is checked below.
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> entries,
                   mysql::ReadRows(database_, deadline, kUnsummed, {bucket, max}));
  Batch batch;
  for (const mysql::Row& entry : entries) RETURN_IF_ERROR(Gather(entry, batch));
  if (batch.transactions.empty()) return 0;
  RETURN_IF_ERROR(database_.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(Mark(connection, bucket, batch.transactions));
    RETURN_IF_ERROR(AddRows(connection, kPostedSums, RowsOf(bucket, batch.sums)));
    return AddRows(connection, kTenantSums, RowsOf(batch.of_tenants));
  }));
  return static_cast<int64_t>(batch.transactions.size());
}

}  // namespace countersign::billing
