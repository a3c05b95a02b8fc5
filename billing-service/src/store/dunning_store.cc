#include "billing-service/src/store/dunning_store.h"

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/invoice.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kDunnings = {.name = "dunnings",
                                    .key = "account_id",
                                    .fixed = "bucket, create_time",
                                    .changing =
                                        "state, cycle, invoice_id, ladder_id, rung, rung_date, next_date, "
                                        "hold_until_date, hold_reason, update_time"};

constexpr mysql::Table kDunningRungs = {.name = "dunning_rungs",
                                        .key = "account_id, cycle, rung",
                                        .fixed = "state, invoice_id, ladder_id, rung_date, create_time"};

constexpr absl::string_view kOverdueAccounts =
    "SELECT DISTINCT i.account_id FROM invoices i LEFT JOIN dunnings d ON d.account_id = i.account_id "
    "WHERE i.bucket = ? AND i.state = ? AND i.due_date <= ? AND i.account_id > ? "
    "AND (d.next_date IS NULL OR d.next_date <= ?) AND (d.hold_until_date IS NULL OR d.hold_until_date <= ?) "
    "ORDER BY i.account_id LIMIT ?";
constexpr absl::string_view kSettledAccounts =
    "SELECT d.account_id FROM dunnings d JOIN invoices i ON i.account_id = d.account_id "
    "AND i.invoice_id = d.invoice_id WHERE d.bucket = ? AND (d.state IN (?, ?, ?) OR (d.state = ? AND d.next_date <= "
    "?)) "
    "AND d.account_id > ? AND i.state <> ? ORDER BY d.account_id LIMIT ?";

constexpr absl::string_view kBucketsToLook =
    "SELECT leases.bucket FROM leases "
    "WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.bucket = leases.bucket AND i.state = ? AND i.due_date < ?) "
    "OR EXISTS (SELECT 1 FROM dunnings d WHERE d.bucket = leases.bucket AND d.state IN (?, ?, ?)) "
    "OR EXISTS (SELECT 1 FROM dunnings d WHERE d.bucket = leases.bucket AND d.state = ? AND d.next_date <= ?)";

Dunning DunningOf(mysql::RowReader& row) {
  Dunning dunning;
  dunning.account = row.Id();
  row.Skip();  // bucket
  dunning.create_time = row.Time();
  dunning.state = row.Enumerated(kDunningStates);
  dunning.cycle = row.Int();
  dunning.invoice = row.OptionalId();
  dunning.ladder = row.OptionalId();
  dunning.rung = row.Int();
  dunning.rung_date = row.OptionalDay();
  dunning.next_date = row.OptionalDay();
  dunning.hold_until = row.OptionalDay();
  dunning.hold_reason = row.Text();
  dunning.update_time = row.Time();
  return dunning;
}

Uuid AccountIdOf(mysql::RowReader& row) { return row.Id(); }

}  // namespace

std::vector<mysql::FilterField> DunningFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kDunningStates)},
          {"next_date", "next_date", kDate},
          {"hold_until_date", "hold_until_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<Dunning> DunningStore::Read(absl::Time deadline, const Uuid& account) const {
  ASSIGN_OR_RETURN(std::optional<Dunning> found,
                   mysql::FindOne<Dunning>(database_, deadline, kDunnings, {account}, DunningOf));
  if (found.has_value()) return *std::move(found);
  Dunning none;
  none.account = account;
  return none;
}

absl::StatusOr<mysql::Page<Dunning>> DunningStore::List(absl::Time deadline, const mysql::PageQuery& query) const {
  // It asks every shard: a list for operators, and short.
  return mysql::ListByTime<Dunning>(
      database_, deadline, {.table = kDunnings, .id = "account_id"}, {}, query, DunningOf,
      [](const Dunning& dunning) { return mysql::TimePosition{dunning.create_time, dunning.account}; });
}

absl::StatusOr<std::vector<Uuid>> DunningStore::ListDue(absl::Time deadline, int bucket, Date today, Date due_until,
                                                        const Uuid& after, int limit) const {
  return mysql::ListBy<Uuid>(database_, deadline, kOverdueAccounts,
                             {bucket, NameOf(InvoiceState::kOpen), due_until, after, today, today, limit}, AccountIdOf);
}

absl::StatusOr<std::vector<int>> DunningStore::ListDueBuckets(absl::Time deadline, Date today) const {
  return events::ListBuckets(
      database_, deadline, kBucketsToLook,
      {NameOf(InvoiceState::kOpen), today, NameOf(DunningState::kReminded), NameOf(DunningState::kPastDue),
       NameOf(DunningState::kSuspended), NameOf(DunningState::kCancelled), today});
}

absl::StatusOr<std::vector<Uuid>> DunningStore::ListSettled(absl::Time deadline, int bucket, Date today,
                                                            const Uuid& after, int limit) const {
  return mysql::ListBy<Uuid>(
      database_, deadline, kSettledAccounts,
      {bucket, NameOf(DunningState::kReminded), NameOf(DunningState::kPastDue), NameOf(DunningState::kSuspended),
       NameOf(DunningState::kCancelled), today, after, NameOf(InvoiceState::kOpen), limit},
      AccountIdOf);
}

events::RowGuard DunningStore::StaysAt(const Dunning& dunning) {
  static const auto* const select =
      new mysql::KeyedSelect{.select = "SELECT account_id, state FROM dunnings FORCE INDEX (PRIMARY)",
                             .key = "account_id",
                             .rest = "LOCK IN SHARE MODE"};
  return {.select = select, .key = {dunning.account}, .holds = [state = dunning.state](const mysql::Row& row) {
            return row.Bytes(1) == NameOf(state);
          }};
}

mysql::RowWrite DunningStore::Row(const Dunning& dunning) {
  return mysql::Put(kDunnings,
                    {dunning.account, events::BucketOf(dunning.account), dunning.create_time, NameOf(dunning.state),
                     dunning.cycle, dunning.invoice, dunning.ladder, dunning.rung, dunning.rung_date, dunning.next_date,
                     dunning.hold_until, dunning.hold_reason, dunning.update_time});
}

mysql::RowWrite DunningStore::RungRow(const Dunning& dunning) {
  return mysql::Insert(kDunningRungs, {dunning.account, dunning.cycle, dunning.rung, NameOf(dunning.state),
                                       dunning.invoice, dunning.ladder, dunning.rung_date, dunning.update_time});
}

}  // namespace countersign::billing
