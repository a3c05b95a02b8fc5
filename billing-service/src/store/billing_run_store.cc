#include "billing-service/src/store/billing_run_store.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/store/rows.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kBillingRuns = {
    .name = "billing_runs", .key = "run_id", .fixed = "bill_date, reason, create_time", .changing = "version"};

constexpr mysql::Table kBillingRunShares = {
    .name = "billing_run_shares",
    .key = "run_id, bucket",
    .fixed = "bill_date",
    .changing = "state, account_count, subscription_count, invoice_count, parked_count, version, update_time"};

constexpr absl::string_view kOpenShares = "WHERE bucket = ? AND state = ? ORDER BY run_id";
constexpr absl::string_view kSharesOfRun = "WHERE run_id = ? ORDER BY bucket";

constexpr absl::string_view kDueAccounts =
    "SELECT DISTINCT s.account_id FROM subscriptions s JOIN billing_accounts a ON a.account_id = s.account_id "
    "WHERE s.bucket = ? AND s.bill_date <= ? AND s.account_id > ? AND a.state <> 'PARKED' ORDER BY s.account_id LIMIT "
    "?";

constexpr absl::string_view kDueBuckets =
    "SELECT leases.bucket FROM leases "
    "WHERE EXISTS (SELECT 1 FROM subscriptions s WHERE s.bucket = leases.bucket AND s.bill_date <= ?) "
    "OR EXISTS (SELECT 1 FROM billing_run_shares r WHERE r.bucket = leases.bucket AND r.state = ?)";

BillingRun BillingRunOf(mysql::RowReader& row) {
  BillingRun run;
  run.id = row.Id();
  run.date = row.Day();
  run.reason = row.Text();
  run.create_time = row.Time();
  run.version = row.Int();
  return run;
}

BillingRunShare ShareOf(mysql::RowReader& row) {
  BillingRunShare share;
  share.run = row.Id();
  share.bucket = row.Int();
  share.date = row.Day();
  share.state = row.Enumerated(kBillingRunStates);
  share.counts.accounts = row.Int();
  share.counts.subscriptions = row.Int();
  share.counts.invoices = row.Int();
  share.counts.parked = row.Int();
  share.version = row.Int();
  share.update_time = row.Time();
  return share;
}

// Every bucket by its number, so that the key (bucket, bill_date) is used.
std::string CountDueStatement() {
  std::vector<int> buckets(events::kBuckets);
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) buckets[bucket] = bucket;
  return absl::StrCat(
      "SELECT COUNT(DISTINCT s.account_id) FROM subscriptions s JOIN billing_accounts a ON a.account_id = s.account_id "
      "WHERE s.bucket IN (",
      absl::StrJoin(buckets, ", "), ") AND s.bill_date <= ? AND a.state <> 'PARKED'");
}

void Add(BillingRun& run, const std::vector<BillingRunShare>& shares) {
  run.state = BillingRunState::kDone;
  run.finish_time = run.create_time;
  for (const BillingRunShare& share : shares) {
    run.counts += share.counts;
    if (share.state == BillingRunState::kRunning) run.state = BillingRunState::kRunning;
    run.finish_time = std::max(*run.finish_time, share.update_time);
  }
  if (run.state == BillingRunState::kRunning) run.finish_time.reset();
}

}  // namespace

std::vector<mysql::FilterField> BillingRunFilterFields() {
  using enum mysql::FilterType;
  return {{"bill_date", "bill_date", kDate}, {"create_time", "create_time", kTime}};
}

absl::StatusOr<BillingRun> BillingRunStore::Get(absl::Time deadline, const Uuid& run) const {
  ASSIGN_OR_RETURN(std::optional<BillingRun> found,
                   mysql::FindOne<BillingRun>(database_, deadline, kBillingRuns, {run}, BillingRunOf));
  if (!found.has_value()) {
    return NotFound("BILLING_RUN_NOT_FOUND", "There is no such billing run.", {{"billingRun", run.ToString()}});
  }
  ASSIGN_OR_RETURN(const std::vector<BillingRunShare> shares,
                   mysql::ListBy<BillingRunShare>(database_, deadline,
                                                  mysql::SelectFrom(kBillingRunShares, kSharesOfRun), {run}, ShareOf));
  Add(*found, shares);
  return *std::move(found);
}

absl::StatusOr<mysql::Page<BillingRun>> BillingRunStore::List(absl::Time deadline,
                                                              const mysql::PageQuery& query) const {
  ASSIGN_OR_RETURN(mysql::Page<BillingRun> page,
                   mysql::ListByTime<BillingRun>(
                       database_, deadline, {.table = kBillingRuns, .id = "run_id"}, {}, query, BillingRunOf,
                       [](const BillingRun& run) { return mysql::TimePosition{run.create_time, run.id}; }));
  if (page.items.empty()) return page;
  // A page of runs and their shares in one statement: the runs of a page are many only for an operator who asks so.
  std::vector<mysql::Parameter> ids;
  for (const BillingRun& run : page.items) ids.emplace_back(run.id);
  const std::string marks = absl::StrJoin(std::vector<absl::string_view>(ids.size(), "?"), ", ");
  ASSIGN_OR_RETURN(
      const std::vector<BillingRunShare> shares,
      mysql::ListBy<BillingRunShare>(
          database_, deadline, mysql::SelectFrom(kBillingRunShares, absl::StrCat("WHERE run_id IN (", marks, ")")), ids,
          ShareOf));
  for (BillingRun& run : page.items) {
    std::vector<BillingRunShare> own;
    for (const BillingRunShare& share : shares) {
      if (share.run == run.id) own.push_back(share);
    }
    Add(run, own);
  }
  return page;
}

absl::StatusOr<std::vector<BillingRunShare>> BillingRunStore::ListOpenShares(absl::Time deadline, int bucket) const {
  return mysql::ListBy<BillingRunShare>(database_, deadline, mysql::SelectFrom(kBillingRunShares, kOpenShares),
                                        {bucket, NameOf(BillingRunState::kRunning)}, ShareOf);
}

absl::StatusOr<std::vector<Uuid>> BillingRunStore::ListDueAccounts(absl::Time deadline, int bucket, Date date,
                                                                   const Uuid& after, int limit) const {
  return mysql::ListBy<Uuid>(database_, deadline, kDueAccounts, {bucket, date, after, limit},
                             [](mysql::RowReader& row) { return row.Id(); });
}

absl::StatusOr<std::vector<int>> BillingRunStore::ListDueBuckets(absl::Time deadline, Date date) const {
  return events::ListBuckets(database_, deadline, kDueBuckets, {date, NameOf(BillingRunState::kRunning)});
}

absl::StatusOr<int64_t> BillingRunStore::CountDueAccounts(absl::Time deadline, Date date) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, CountDueStatement(), {date}));
  return row.has_value() ? row->Int(0) : 0;
}

mysql::RowWrite BillingRunStore::Row(const BillingRun& run) {
  return mysql::Put(kBillingRuns, {run.id, run.date, run.reason, run.create_time, run.version});
}

mysql::RowWrite BillingRunStore::Row(const BillingRunShare& share) {
  return mysql::Put(kBillingRunShares, {share.run, share.bucket, share.date, NameOf(share.state), share.counts.accounts,
                                        share.counts.subscriptions, share.counts.invoices, share.counts.parked,
                                        share.version, share.update_time});
}

absl::StatusOr<std::vector<mysql::RowWrite>> BillingRunStore::Rows(const AccountBilling& billing,
                                                                   const std::vector<Subscription>& before) {
  std::vector<mysql::RowWrite> rows = {BillingAccountStore::Row(billing.account)};
  for (size_t i = 0; i < billing.subscriptions.size(); ++i) {
    AppendRows(rows, SubscriptionStore::BilledRows(before[i], billing.subscriptions[i]));
  }
  for (const Invoice& invoice : billing.invoices) AppendRows(rows, InvoiceStore::OpenedRows(invoice));
  for (const LedgerTransaction& posting : billing.postings) {
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> posted, LedgerRows(posting, billing.account.update_time));
    AppendRows(rows, std::move(posted));
  }
  return rows;
}

}  // namespace countersign::billing
