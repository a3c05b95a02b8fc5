#include "common/mysql/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/migrate.h"
#include "common/mysql/session_share.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;
using ::testing::SizeIs;

constexpr EmbeddedFile kFiles[] = {
    {"0001_counters.sql", "CREATE TABLE counters (id BIGINT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (id));"}};

constexpr absl::string_view kAdd = "UPDATE counters SET value = value + 1 WHERE id = ?";
constexpr absl::string_view kInsert = "INSERT INTO counters (id, value) VALUES (?, 0)";
constexpr absl::string_view kLockRow = "SELECT value FROM counters WHERE id = ? FOR UPDATE";
constexpr absl::string_view kSessionId = "SELECT CONNECTION_ID()";

class DatabaseTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase({{"counters", {std::begin(kFiles), std::end(kFiles)}}}); }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override {
    database_->Clear();
    for (const int id : {1, 2}) database_->Execute(kInsert, {id});
  }

  static Database& db() { return database_->database(); }
  static int64_t Value(int id) {
    const std::vector<Row> rows = database_->Query("SELECT value FROM counters WHERE id = ?", {id});
    return rows.size() == 1 ? rows[0].Int(0) : -1;
  }
  static int64_t SessionOf(Reader& connection) {
    auto rows = connection.Query(kSessionId, {});
    return rows.ok() ? (*rows)[0].Int(0) : 0;
  }
  // Returns when the session's thread is gone from the server, so that nothing races with its end.
  static void Kill(int64_t session) {
    const std::unique_ptr<Connection> admin = database_->Connect();
    ASSERT_OK(admin->Run(absl::StrCat("KILL CONNECTION ", session)));
    for (;;) {
      // MySQL refuses this read with 3854 while any session's statement holds bytes that are no UTF-8: ask again.
      const auto left = admin->Query("SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ?", {session});
      if (left.ok() && left->empty()) return;
      std::this_thread::yield();
    }
  }

  static TestDatabase* database_;
};
TestDatabase* DatabaseTest::database_ = nullptr;

TEST_F(DatabaseTest, CommitsWhatTheBodyWrote) {
  EXPECT_OK(db().Transact(TestDeadline(), [](Connection& c) { return c.ExecuteGuarded(kAdd, {1}); }));
  EXPECT_EQ(Value(1), 1);
}

TEST_F(DatabaseTest, RollsBackAndReturnsTheErrorOfTheBody) {
  int runs = 0;
  const absl::Status status = db().Transact(TestDeadline(), [&](Connection& c) -> absl::Status {
    ++runs;
    RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {1}));
    return FailedPrecondition("NOT_TODAY", "The body refuses.");
  });
  EXPECT_THAT(status, HasReason("NOT_TODAY"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Value(1), 0);
}

TEST_F(DatabaseTest, ReadsOnlyWhatIsCommittedAndSeesItInTheSameTransaction) {
  EXPECT_OK(db().Transact(TestDeadline(), [&](Connection& c) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Row> before, c.QueryOne("SELECT value FROM counters WHERE id = ?", {1}));
    database_->Execute(kAdd, {1});
    ASSIGN_OR_RETURN(const std::optional<Row> after, c.QueryOne("SELECT value FROM counters WHERE id = ?", {1}));
    EXPECT_EQ(after->Int(0), before->Int(0) + 1);
    return absl::OkStatus();
  }));
}

TEST_F(DatabaseTest, ADeadlockIsRunAgainAndNothingIsLostOrDoubled) {
  // Two transactions take the two rows in opposite order; the notifications make the first run of each meet.
  absl::Notification first_has_1, second_has_2;
  std::atomic<int> runs = 0;
  const auto add_both = [&](int first, int second, absl::Notification& mine, absl::Notification& others) {
    int run = 0;
    return db().Transact(TestDeadline(), [&](Connection& c) -> absl::Status {
      ++runs;
      RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {first}));
      if (++run == 1) {
        mine.Notify();
        others.WaitForNotification();
      }
      return c.ExecuteGuarded(kAdd, {second});
    });
  };
  absl::Status other;
  std::thread thread([&] { other = add_both(2, 1, second_has_2, first_has_1); });
  const absl::Status status = add_both(1, 2, first_has_1, second_has_2);
  thread.join();
  EXPECT_OK(status);
  EXPECT_OK(other);
  EXPECT_GE(runs, 3);
  EXPECT_EQ(Value(1), 2);
  EXPECT_EQ(Value(2), 2);
}

TEST_F(DatabaseTest, ADeadlockThatTheBodyHidesIsNeverCommitted) {
  absl::Notification first_has_1, second_has_2;
  const auto add_both = [&](int first, int second, absl::Notification& mine, absl::Notification& others) {
    int run = 0;
    return db().Transact(TestDeadline(), [&](Connection& c) -> absl::Status {
      RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {first}));
      if (++run == 1) {
        mine.Notify();
        others.WaitForNotification();
      }
      if (!c.ExecuteGuarded(kAdd, {second}).ok()) return absl::OkStatus();
      return absl::OkStatus();
    });
  };
  std::thread thread([&] { EXPECT_OK(add_both(2, 1, second_has_2, first_has_1)); });
  EXPECT_OK(add_both(1, 2, first_has_1, second_has_2));
  thread.join();
  EXPECT_EQ(Value(1), 2);
  EXPECT_EQ(Value(2), 2);
}

TEST_F(DatabaseTest, ALockWaitTimeoutRollsBackAndEndsAtTheDeadlineAsAConflict) {
  const std::unique_ptr<Connection> holder = database_->Connect();
  ASSERT_OK(holder->Run("START TRANSACTION"));
  ASSERT_OK(holder->Query(kLockRow, {1}));
  int runs = 0;
  ASSERT_OK(db().Ping(TestDeadline()));  // A session is there.
  // The deadline allows one wait (1 s here instead of the session's 3 s) and no second run.
  const absl::Status status = db().Transact(absl::Now() + absl::Milliseconds(900), [&](Connection& c) -> absl::Status {
    ++runs;
    RETURN_IF_ERROR(c.Run("SET SESSION innodb_lock_wait_timeout = 1"));
    RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {2}));
    return c.ExecuteGuarded(kAdd, {1});
  });
  EXPECT_EQ(ErrorNumberOf(status), 1205);
  EXPECT_THAT(status, HasReason("DATABASE_CONFLICT"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Value(2), 0);  // 1205 rolls back its statement only; the runner did the rest.
  ASSERT_OK(holder->Run("ROLLBACK"));
  EXPECT_OK(db().Transact(TestDeadline(), [](Connection& c) { return c.ExecuteGuarded(kAdd, {1}); }));
}

TEST_F(DatabaseTest, ASessionKilledInTheBodyIsRunAgainOnAnother) {
  int runs = 0;
  EXPECT_OK(db().Transact(TestDeadline(), [&](Connection& c) -> absl::Status {
    RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {1}));
    if (++runs == 1) Kill(SessionOf(c));
    return c.ExecuteGuarded(kAdd, {2});
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Value(1), 1);
  EXPECT_EQ(Value(2), 1);
}

TEST_F(DatabaseTest, ACommitOnAKilledSessionIsNeverReportedAsSuccess) {
  const absl::Status status = db().Transact(TestDeadline(), [&](Connection& c) -> absl::Status {
    RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {1}));
    Kill(SessionOf(c));
    return absl::OkStatus();
  });
  EXPECT_THAT(status, HasReason("COMMIT_UNKNOWN"));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Value(1), 0);
}

TEST_F(DatabaseTest, ACommitThatDidNotHappenIsRunAgainAfterAsking) {
  int runs = 0;
  int64_t killed = 0;
  EXPECT_OK(db().Transact(
      TestDeadline(),
      [&](Connection& c) -> absl::Status {
        RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {1}));
        if (++runs == 1) Kill(killed = SessionOf(c));
        return absl::OkStatus();
      },
      [&](Reader& c) -> absl::StatusOr<bool> {
        EXPECT_NE(SessionOf(c), killed);
        ASSIGN_OR_RETURN(const std::optional<Row> row, c.QueryOne("SELECT value FROM counters WHERE id = ?", {1}));
        return row->Int(0) == 1;
      }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Value(1), 1);
}

TEST_F(DatabaseTest, ACommitThatDidHappenIsSuccessAndNotRunAgain) {
  int runs = 0;
  EXPECT_OK(db().Transact(
      TestDeadline(),
      [&](Connection& c) -> absl::Status {
        ++runs;
        RETURN_IF_ERROR(c.ExecuteGuarded(kAdd, {1}));
        const int64_t session = SessionOf(c);
        RETURN_IF_ERROR(c.Run("COMMIT"));  // As if the answer of the runner's own COMMIT had been lost.
        Kill(session);
        return absl::OkStatus();
      },
      [](Reader& c) -> absl::StatusOr<bool> {
        ASSIGN_OR_RETURN(const std::optional<Row> row, c.QueryOne("SELECT value FROM counters WHERE id = ?", {1}));
        return row->Int(0) == 1;
      }));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Value(1), 1);
}

TEST_F(DatabaseTest, ARefusedWriteOnAReadOnlyServerDropsTheSessionAndIsNotRunAgain) {
  int runs = 0;
  int64_t session = 0;
  EXPECT_THAT(db().Transact(TestDeadline(),
                            [&](Connection& c) -> absl::Status {
                              ++runs;
                              session = SessionOf(c);
                              RETURN_IF_ERROR(c.Run("ROLLBACK"));
                              RETURN_IF_ERROR(c.Run("START TRANSACTION READ ONLY"));  // As a demoted primary answers.
                              return c.ExecuteGuarded(kAdd, {1});
                            }),
              HasReason("DATABASE_READ_ONLY"));
  EXPECT_EQ(runs, 1);
  EXPECT_OK(db().Transact(TestDeadline(), [&](Connection& c) {
    EXPECT_NE(SessionOf(c), session);
    return c.ExecuteGuarded(kAdd, {1});
  }));
}

TEST_F(DatabaseTest, AReadWhoseIdleSessionDiedIsTriedOnceMore) {
  int64_t session = 0;
  ASSERT_OK(db().Read(TestDeadline(), [&](Reader& c) {
    session = SessionOf(c);
    return absl::OkStatus();
  }));
  Kill(session);
  int runs = 0;
  EXPECT_OK(db().Read(TestDeadline(), [&](Reader& c) {
    ++runs;
    return c.Query(kSessionId, {}).status();
  }));
  EXPECT_EQ(runs, 2);
}

TEST_F(DatabaseTest, AReadThatHadBegunIsNotRepeated) {
  int runs = 0;
  EXPECT_THAT(db().Read(TestDeadline(),
                        [&](Reader& c) {
                          ++runs;
                          Kill(SessionOf(c));
                          return c.Query(kSessionId, {}).status();
                        }),
              HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_EQ(runs, 1);
}

TEST_F(DatabaseTest, AWriteOutsideATransactionIsNotRepeated) {
  int64_t session = 0;
  ASSERT_OK(db().Read(TestDeadline(), [&](Reader& c) {
    session = SessionOf(c);
    return absl::OkStatus();
  }));
  Kill(session);
  int runs = 0;
  EXPECT_THAT(db().Autocommit(TestDeadline(),
                              [&](Connection& c) {
                                ++runs;
                                return c.Execute(kAdd, {1}).status();
                              }),
              HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_EQ(runs, 1);
}

TEST_F(DatabaseTest, WaitingForASessionEndsAtTheDeadline) {
  DatabaseOptions options = database_->options();
  options.pool_size = 1;
  const std::unique_ptr<Database> small = OpenDatabase(options);
  EXPECT_OK(small->Read(TestDeadline(), [&](Reader&) {
    EXPECT_THAT(small->Ping(absl::Now() + absl::Milliseconds(20)), HasReason("DATABASE_BUSY"));
    EXPECT_THAT(small->Ping(absl::Now()), StatusIs(absl::StatusCode::kResourceExhausted));
    return absl::OkStatus();
  }));
  EXPECT_OK(small->Ping(TestDeadline()));
}

TEST_F(DatabaseTest, AWaitingActGetsTheSessionThatIsGivenBack) {
  DatabaseOptions options = database_->options();
  options.pool_size = 1;
  const std::unique_ptr<Database> small = OpenDatabase(options);
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10; ++j) done += small->Ping(TestDeadline()).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 80);
}

TEST_F(DatabaseTest, SessionsAreKeptBetweenActs) {
  int64_t first = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_OK(db().Transact(TestDeadline(), [&](Connection& c) {
      const int64_t session = SessionOf(c);
      if (i == 0) first = session;
      EXPECT_EQ(session, first);
      return absl::OkStatus();
    }));
  }
}

TEST_F(DatabaseTest, ConcurrentTransactionsOnOneRowAllCount) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) {
        EXPECT_OK(db().Transact(TestDeadline(), [](Connection& c) { return c.ExecuteGuarded(kAdd, {1}); }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Value(1), 40);
}

TEST_F(DatabaseTest, AfterCloseEverythingIsUnavailable) {
  const std::unique_ptr<Database> closed = OpenDatabase(database_->options());
  ASSERT_OK(closed->Ping(TestDeadline()));
  closed->Close();
  EXPECT_THAT(closed->Ping(TestDeadline()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(DatabaseTest, OpeningDoesNotNeedTheServer) {
  const std::unique_ptr<Database> down = OpenDatabase({.url = "mysql://root@127.0.0.1:1/nothing"});
  EXPECT_THAT(down->Ping(TestDeadline()), HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_THAT(down->Transact(TestDeadline(), [](Connection&) { return absl::OkStatus(); }),
              HasReason("DATABASE_UNAVAILABLE"));
}

TEST_F(DatabaseTest, GoesOnToTheNextServerWhenOneIsNotThere) {
  DatabaseOptions options = database_->options();
  const size_t host = options.url.rfind('@') + 1;
  options.url.insert(host, "127.0.0.1:1,");
  const auto database = OpenDatabase(options);
  EXPECT_OK(database->Ping(TestDeadline()));
  EXPECT_OK(database->Transact(TestDeadline(), [](Connection& c) { return c.ExecuteGuarded(kAdd, {1}); }));
  EXPECT_EQ(Value(1), 1);
}

TEST_F(DatabaseTest, SaysThatNoServerIsThereWhenNoneIs) {
  DatabaseOptions options = database_->options();
  options.url = "mysql://root@127.0.0.1:1,127.0.0.1:2/none";
  EXPECT_THAT(OpenDatabase(options)->Ping(TestDeadline()), HasReason("DATABASE_UNAVAILABLE"));
}

TEST_F(DatabaseTest, ALimitedThreadLeavesAQuarterOfTheSessionsToOthers) {
  DatabaseOptions options = database_->options();
  options.pool_size = 4;
  const std::unique_ptr<Database> database = OpenDatabase(options);
  const auto with_session = [&](absl::FunctionRef<absl::Status()> act) {
    return database->Read(TestDeadline(), [&](Reader&) { return act(); });
  };
  const auto ping = [&] { return database->Ping(TestDeadline()); };
  EXPECT_OK(with_session([&] {
    return with_session([&] {
      {
        const LimitedSessions limited;
        EXPECT_OK(ping());
      }
      return with_session([&] {
        const LimitedSessions limited;
        EXPECT_THAT(database->Ping(absl::Now() + absl::Milliseconds(300)), HasReason("DATABASE_BUSY"));
        absl::Status of_another;
        std::thread another([&] { of_another = ping(); });
        another.join();
        return of_another;
      });
    });
  }));
}

}  // namespace
}  // namespace countersign::mysql
