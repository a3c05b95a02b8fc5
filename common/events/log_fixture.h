// Fixture of the event log's tests: a schema of the common tables, events to commit, and a receiver that records.
#ifndef COUNTERSIGN_COMMON_EVENTS_LOG_FIXTURE_H_
#define COUNTERSIGN_COMMON_EVENTS_LOG_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::events {

// One schema per suite, emptied between tests.
class LogTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = new testing::TestDatabase();
    committer_ = new Committer(db());
  }
  static void TearDownTestSuite() {
    delete committer_;
    delete schema_;
  }
  void SetUp() override { schema_->Clear(); }

  static testing::TestDatabase& schema() { return *schema_; }
  static mysql::Database& db() { return schema_->database(); }
  static Committer& committer() { return *committer_; }
  static absl::Time Deadline() { return testing::TestDeadline(); }

  static Uuid Id(const std::string& name) { return Uuid::Derived({"log_fixture", name}); }

  static Event MakeEvent(const Uuid& tenant, const Uuid& aggregate, int64_t version) {
    return Event{.tenant = tenant,
                 .aggregate = aggregate,
                 .version = version,
                 .type = "THING_CHANGED",
                 .actor = "operators/test",
                 .on_behalf_of = "",
                 .reason = "Weil’s nötig ist",
                 .request_id = "",
                 .create_time = absl::FromUnixSeconds(1243814400 + version) + absl::Microseconds(123456),
                 .payload = std::string("\0\xff payload", 10),
                 .payload_type = "countersign.test.v1.Thing",
                 .resource_digest = Sha256("the thing"),
                 .salt = std::string("\0 sixteen bytes ", 16),
                 .seal = ""};
  }

  static absl::Status CommitEvents(std::vector<Event> events) {
    return committer().Commit(Deadline(), {.events = std::move(events), .reply = std::nullopt});
  }

  // Commits versions 1 … `versions` of the aggregate, one by one.
  static void CommitVersions(const Uuid& tenant, const Uuid& aggregate, int64_t versions) {
    for (int64_t version = 1; version <= versions; ++version) {
      ASSERT_OK(CommitEvents({MakeEvent(tenant, aggregate, version)}));
    }
  }

  // Adds `count` sealed events of one aggregate, versions 1 … count, at the positions after `after`, in one statement.
  // Their digests and seals are no good. The bucket gets a lease, as all that is sealed has.
  static void InsertSealed(const Uuid& tenant, const Uuid& aggregate, int count, int64_t after = 0) {
    const std::string digits =
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL "
        "SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    const std::string sql = absl::StrCat(
        "INSERT INTO events (tenant_id, aggregate_id, version, bucket, type, actor, on_behalf_of, reason, request_id, "
        "create_time, payload, digest, position, seal) SELECT ?, ?, n, ?, 'THING_CHANGED', 'operators/test', '', '', "
        "'', '2009-06-01', '', REPEAT('d', 32), ? + n, REPEAT('s', 32) FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + "
        "1000 * e.d + 10000 * f.d AS n FROM ",
        digits, " AS a, ", digits, " AS b, ", digits, " AS c, ", digits, " AS e, ", digits,
        " AS f) AS numbers WHERE n <= ?");
    EXPECT_EQ(schema().Execute(sql, {tenant, aggregate, BucketOf(tenant), after, count}), count);
    schema().Execute("INSERT IGNORE INTO leases (bucket, owner, epoch, lease_until) VALUES (?, '', 0, '2009-06-01')",
                     {BucketOf(tenant)});
  }

  // A tenant other than `tenant` in the same bucket.
  static Uuid NeighbourOf(const Uuid& tenant) {
    int number = 0;
    while (BucketOf(Id(absl::StrCat("neighbour", number))) != BucketOf(tenant)) ++number;
    return Id(absl::StrCat("neighbour", number));
  }

  // How many rows the server has read for this session so far.
  static int64_t RowsReadFor(mysql::Connection& connection) {
    const auto rows = connection.Query("SHOW SESSION STATUS LIKE 'Handler_read%'", {});
    EXPECT_OK(rows.status());
    int64_t sum = 0;
    for (const mysql::Row& row : rows.value_or(std::vector<mysql::Row>())) {
      int64_t count = 0;
      EXPECT_TRUE(absl::SimpleAtoi(row.Bytes(1), &count));
      sum += count;
    }
    return sum;
  }

  // While it lives a row may be in a bucket that does not exist; then the log is emptied.
  class WithoutRangeCheck {
   public:
    WithoutRangeCheck() { schema().Execute("ALTER TABLE events DROP CONSTRAINT events_bucket_range"); }
    ~WithoutRangeCheck() {
      schema().Execute("DELETE FROM events");
      schema().Execute("ALTER TABLE events ADD CONSTRAINT events_bucket_range CHECK (bucket BETWEEN 0 AND 63)");
    }
  };

 private:
  static inline testing::TestDatabase* schema_ = nullptr;
  static inline Committer* committer_ = nullptr;
};

// Records what it is given; refuses what it is told to. Thread-safe.
class Receiver {
 public:
  Consumer AsConsumer(const std::string& name) {
    return Consumer{.name = name, .deliver = [this](const Event& event, absl::Time) { return Deliver(event); }};
  }

  // From now on every delivery, or those of one aggregate's version, get this answer; OK takes it back.
  void AnswerAll(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    all_ = status;
  }
  void Answer(const Uuid& aggregate, int64_t version, const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    answers_[{aggregate, version}] = status;
  }

  // The versions of the aggregate that were accepted, in the order of their arrival.
  std::vector<int64_t> VersionsOf(const Uuid& aggregate) {
    absl::MutexLock lock(&mutex_);
    return accepted_[aggregate];
  }
  int accepted() {
    absl::MutexLock lock(&mutex_);
    return count_;
  }
  // Waits until so many deliveries were accepted; false when that takes too long.
  bool WaitFor(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ >= count; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(60));
  }

 private:
  absl::Status Deliver(const Event& event) {
    absl::MutexLock lock(&mutex_);
    if (!all_.ok()) return all_;
    const auto answer = answers_.find({event.aggregate, event.version});
    if (answer != answers_.end() && !answer->second.ok()) return answer->second;
    accepted_[event.aggregate].push_back(event.version);
    ++count_;
    return absl::OkStatus();
  }

  absl::Mutex mutex_;
  absl::Status all_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<Uuid, int64_t>, absl::Status> answers_ ABSL_GUARDED_BY(mutex_);
  std::map<Uuid, std::vector<int64_t>> accepted_ ABSL_GUARDED_BY(mutex_);
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_LOG_FIXTURE_H_
