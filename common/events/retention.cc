#include "common/events/retention.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/table.h"

namespace countersign::events {
namespace {

constexpr int kPage = 500;               // Keys that one statement reads.
constexpr size_t kRowsOfStatement = 64;  // At most: each statement is a transaction of its own.
constexpr int kBucket = 0;               // Whoever holds it does it.
constexpr absl::Duration kInterval = absl::Minutes(1);
constexpr absl::Duration kTurn = absl::Seconds(10);  // Then the next turn goes on, and the thread is free meanwhile.

using Columns = std::vector<std::string>;

Columns Split(absl::string_view list) { return absl::StrSplit(list, ", ", absl::SkipEmpty()); }

// "expired.a, expired.b"
std::string Named(const Columns& columns) { return absl::StrCat("expired.", absl::StrJoin(columns, ", expired.")); }

// Keys along the index of `age`, beginning behind a row.
std::string SelectOld(const Retention& of) {
  const Columns key = Split(of.key);
  const std::string age = absl::StrCat("expired.", of.age);
  return absl::StrCat("SELECT ", Named(key), ", ", age, " FROM ", of.table, " expired WHERE ", age, " >= ? AND ", age,
                      " < ? AND (", age, " > ? OR (", Named(key), ") > (",
                      absl::StrJoin(std::vector<std::string>(key.size(), "?"), ", "), ")) ", of.only, " ORDER BY ", age,
                      ", ", Named(key), " LIMIT ", kPage);
}

// One table's.
class Sweeper {
 public:
  Sweeper(mysql::Database& database, const Clock& clock, Retention of)
      : database_(database), clock_(clock), of_(std::move(of)), select_(SelectOld(of_)) {
    after_.insert(after_.end(), Split(of_.key).size(), mysql::Parameter(""));
  }

  // Until nothing old is left behind where it stands, or `until` (real time) has come.
  absl::Status Sweep(absl::Time deadline, absl::Time until) {
    const absl::Time cutoff = clock_.Now() - of_.keep;
    int64_t done = 0;
    size_t found = kPage;
    while (found == kPage && absl::Now() < until) {
      std::vector<mysql::Row> rows;
      RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
        std::vector<mysql::Parameter> values = {age_, cutoff, age_};
        values.insert(values.end(), after_.begin(), after_.end());
        ASSIGN_OR_RETURN(rows, reader.Query(select_, values));
        return absl::OkStatus();
      }));
      RETURN_IF_ERROR(DealWith(rows, deadline));
      found = rows.size();
      done += static_cast<int64_t>(found);
      if (found == kPage) {
        StandBehind(rows.back());
      } else {
        StandAt(cutoff);
      }
    }
    if (done > 0) {
      Log(Level::kInfo, "retention kept", {{"table", std::string(of_.table)}, {"rows", absl::StrCat(done)}});
    }
    return absl::OkStatus();
  }

 private:
  void StandBehind(const mysql::Row& row) {
    for (size_t i = 0; i < after_.size(); ++i) after_[i] = row.Bytes(static_cast<int>(i));
    age_ = row.Time(static_cast<int>(after_.size()));
  }

  // Everything older has been looked at.
  void StandAt(absl::Time age) {
    age_ = age;
    for (mysql::Parameter& value : after_) value = mysql::Parameter("");
  }

  // Bucket by bucket, so that a statement stays on one shard.
  absl::Status DealWith(const std::vector<mysql::Row>& rows, absl::Time deadline) const {
    std::array<std::vector<const mysql::Row*>, kBuckets> of_bucket;
    for (const mysql::Row& row : rows) of_bucket.at(BucketOf(row.Id(0))).push_back(&row);
    for (const auto& bucket : of_bucket) {
      absl::Span<const mysql::Row* const> rest = bucket;
      while (!rest.empty()) {
        const auto count = std::min(kRowsOfStatement, static_cast<size_t>(mysql::RowsPerStatement(rest.size())));
        for (const Retention::Act& act : of_.acts) RETURN_IF_ERROR(Do(act, rest.first(count), deadline));
        rest.remove_prefix(count);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Do(const Retention::Act& act, absl::Span<const mysql::Row* const> rows, absl::Time deadline) const {
    const auto width = static_cast<int>(Split(act.key).size());
    std::vector<mysql::Parameter> values;
    for (const mysql::Row* row : rows) {
      for (int i = 0; i < width; ++i) values.emplace_back(row->Bytes(i));
    }
    const std::string sql = mysql::StatementFor({.select = std::string(act.statement), .key = std::string(act.key)},
                                                static_cast<int>(rows.size()));
    return database_.Autocommit(
        deadline, [&](mysql::Connection& connection) { return connection.Execute(sql, values).status(); });
  }

  mysql::Database& database_;
  const Clock& clock_;
  const Retention of_;
  const std::string select_;
  // The row that was seen last. Not stored: the next process begins at the oldest row, most of which are gone.
  absl::Time age_ = absl::UnixEpoch();
  std::vector<mysql::Parameter> after_;
};

}  // namespace

BucketTask RetentionTask(absl::string_view name, mysql::Database& database, const Clock& clock,
                         std::vector<Retention> retentions) {
  // Touched only by the thread that works on the bucket.
  const auto sweepers = std::make_shared<std::vector<Sweeper>>();
  for (Retention& of : retentions) sweepers->emplace_back(database, clock, std::move(of));
  return BucketTask{.name = std::string(name),
                    .interval = kInterval,
                    .run =
                        [sweepers](int bucket, absl::Time deadline) {
                          absl::Status first_error;
                          if (bucket != kBucket) return first_error;
                          const absl::Time until = absl::Now() + kTurn;
                          for (Sweeper& sweeper : *sweepers) first_error.Update(sweeper.Sweep(deadline, until));
                          return first_error;
                        },
                    // Nobody waits for it: AdvanceTime need not.
                    .by_business_clock = false,
                    .due = [](absl::Time) { return std::vector<int>{kBucket}; },
                    .runs_only_when_due = true};
}

Retention StoredReplyRetention() {
  return {.table = "stored_replies",
          .key = "tenant_id, caller, method, request_id",
          .age = "create_time",
          .keep = absl::Hours(31 * 24),
          .acts = {{.statement = "DELETE FROM stored_replies", .key = "tenant_id, caller, method, request_id"}}};
}

}  // namespace countersign::events
