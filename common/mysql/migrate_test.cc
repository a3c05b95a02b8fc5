#include "common/mysql/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr EmbeddedFile kFirst = {"0001_a.sql",
                                 "-- The first; table.\nCREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY);\n"};
constexpr EmbeddedFile kFirstChanged = {"0001_a.sql", "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY);\n"};
constexpr EmbeddedFile kSecond = {"0002_b.sql",
                                  "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY);\n"
                                  "INSERT INTO b (id) VALUES (1);\n"};
constexpr EmbeddedFile kThird = {"0003_c.sql", "CREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY);\n"};
constexpr EmbeddedFile kBroken = {"0002_b.sql", "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY);\nCREATE TABEL c;\n"};

constexpr EmbeddedFile kMany = {"0001_a.sql",
                                "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY);\n"
                                "ALTER TABLE a ADD COLUMN x BIGINT NOT NULL, ADD KEY by_x (x);\n"
                                "INSERT INTO a (id, x) VALUES (1, 1);\n"
                                "UPDATE a SET x = x + 1;\n"
                                "ALTER TABLE a MODIFY COLUMN x INT NOT NULL;\n"
                                "ALTER TABLE a ADD CONSTRAINT a_range CHECK (x > 0);\n"
                                "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY);\n"};
constexpr EmbeddedFile kTakenTable = {"0001_a.sql",
                                      "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY);\nCREATE TABLE a (id INT);\n"};
constexpr EmbeddedFile kMended = {
    "0002_b.sql",
    "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY);\nCREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY);\n"};
constexpr EmbeddedFile kMendedTooEarly = {
    "0002_b.sql", "CREATE TABLE b (id INT NOT NULL PRIMARY KEY);\nCREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY);\n"};

// The session of a runner that dies at its `life`-th statement, before the server hears of it or when it is done.
class DyingConnection final : public Connection {
 public:
  DyingConnection(std::unique_ptr<Connection> session, int life, bool done)
      : session_(std::move(session)), life_(life), done_(done) {}

  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql, const std::vector<Parameter>& parameters) override {
    return Live<absl::StatusOr<std::vector<Row>>>([&] { return session_->Query(sql, parameters); });
  }
  absl::StatusOr<int64_t> Execute(absl::string_view sql, const std::vector<Parameter>& parameters) override {
    return Live<absl::StatusOr<int64_t>>([&] { return session_->Execute(sql, parameters); });
  }
  absl::Status Run(absl::string_view sql) override {
    return Live<absl::Status>([&] { return session_->Run(sql); });
  }
  bool usable() const override { return session_ != nullptr; }

 private:
  template <typename Result, typename Act>
  Result Live(Act act) {
    if (session_ != nullptr && life_-- > 0) return act();
    if (session_ != nullptr && done_) (void)act();
    session_.reset();
    return StatusOfError(2013, "Lost connection to server");
  }

  std::unique_ptr<Connection> session_;
  int life_;
  const bool done_;
};

std::vector<Migrations> Of(std::vector<MigrationFile> files) { return {{"test", std::move(files)}}; }

class MigrateTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase; }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override {
    connection_ = database_->Connect();
    Forget();
  }

  void Forget() {
    for (const char* table : {"a", "b", "c"}) {
      ASSERT_OK(connection_->Run(absl::StrCat("DROP TABLE IF EXISTS ", table)));
    }
    ASSERT_OK(connection_->Run("DROP TABLE IF EXISTS schema_migration_progress"));
    database_->Execute("DELETE FROM schema_migrations WHERE component <> 'common'");
  }

  static int CountOf(absl::string_view name) {
    return static_cast<int>(
        database_->Query("SELECT name FROM schema_migrations WHERE component = 'test' AND name = ?", {name}).size());
  }

  static TestDatabase* database_;
  std::unique_ptr<Connection> connection_;
};
TestDatabase* MigrateTest::database_ = nullptr;

TEST_F(MigrateTest, AppliesInOrderOnceAndRecordsWhat) {
  EXPECT_THAT(VerifyMigrated(*connection_, Of({kFirst, kSecond})), HasReason("MIGRATION_PENDING"));
  ASSERT_OK(Migrate(*connection_, Of({kFirst})));
  ASSERT_OK(Migrate(*connection_, Of({kFirst, kSecond})));
  ASSERT_OK(Migrate(*connection_, Of({kFirst, kSecond})));
  EXPECT_OK(VerifyMigrated(*connection_, Of({kFirst, kSecond})));
  EXPECT_THAT(database_->Query("SELECT id FROM b"), SizeIs(1));
  EXPECT_EQ(CountOf("0001_a.sql"), 1);
}

TEST_F(MigrateTest, TwoRunnersAtOnceApplyOnce) {
  std::vector<std::thread> runners;
  std::vector<absl::Status> statuses(4);
  for (absl::Status& status : statuses) {
    runners.emplace_back([&] { status = Migrate(*database_->Connect(), Of({kFirst, kSecond, kThird})); });
  }
  for (std::thread& runner : runners) runner.join();
  for (const absl::Status& status : statuses) EXPECT_OK(status);
  EXPECT_THAT(database_->Query("SELECT id FROM b"), SizeIs(1));
  EXPECT_EQ(CountOf("0003_c.sql"), 1);
}

TEST_F(MigrateTest, RefusesAChangedFile) {
  ASSERT_OK(Migrate(*connection_, Of({kFirst})));
  EXPECT_THAT(Migrate(*connection_, Of({kFirstChanged, kSecond})), HasReason("MIGRATION_CHANGED"));
  EXPECT_THAT(VerifyMigrated(*connection_, Of({kFirstChanged})), HasReason("MIGRATION_CHANGED"));
  EXPECT_EQ(CountOf("0002_b.sql"), 0);
}

TEST_F(MigrateTest, RefusesAMissingFile) {
  ASSERT_OK(Migrate(*connection_, Of({kFirst, kSecond, kThird})));
  EXPECT_THAT(Migrate(*connection_, Of({kFirst, kThird})), HasReason("MIGRATION_MISSING"));
  EXPECT_THAT(VerifyMigrated(*connection_, Of({kFirst, kThird})), HasReason("MIGRATION_MISSING"));
}

TEST_F(MigrateTest, RefusesAFileThatComesTooLate) {
  ASSERT_OK(Migrate(*connection_, Of({kFirst, kThird})));
  EXPECT_THAT(Migrate(*connection_, Of({kFirst, kSecond, kThird})), HasReason("MIGRATION_OUT_OF_ORDER"));
  EXPECT_THAT(VerifyMigrated(*connection_, Of({kFirst, kSecond, kThird})), HasReason("MIGRATION_OUT_OF_ORDER"));
  EXPECT_EQ(CountOf("0002_b.sql"), 0);
}

TEST_F(MigrateTest, AnOlderReplicaServesOnANewerSchemaButDoesNotMigrateIt) {
  ASSERT_OK(Migrate(*connection_, Of({kFirst, kSecond})));
  EXPECT_OK(VerifyMigrated(*connection_, Of({kFirst})));
  EXPECT_THAT(Migrate(*connection_, Of({kFirst})), HasReason("MIGRATION_MISSING"));
}

TEST_F(MigrateTest, NothingIsAppliedWhenAnyComponentIsRefused) {
  ASSERT_OK(Migrate(*connection_, Of({kFirst})));
  EXPECT_THAT(Migrate(*connection_, {{"other", {kSecond}}, {"test", {kFirstChanged}}}), HasReason("MIGRATION_CHANGED"));
  EXPECT_THAT(connection_->Query("SELECT id FROM b", {}), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(MigrateTest, AFailingStatementIsNamedAndItsFileNotRecorded) {
  const absl::Status status = Migrate(*connection_, Of({kFirst, kBroken}));
  EXPECT_THAT(status, HasReason("MIGRATION_FAILED"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("test/0002_b.sql: statement 2"));
  EXPECT_EQ(CountOf("0001_a.sql"), 1);
  EXPECT_EQ(CountOf("0002_b.sql"), 0);
}

TEST_F(MigrateTest, ARunnerThatDiesAnywhereIsFollowedByOneThatFinishes) {
  int deaths = 0;
  for (const bool done : {false, true}) {
    for (int life = 0;; ++life) {
      SCOPED_TRACE(absl::StrCat("dies at statement ", life, done ? ", which is done" : ", which is not done"));
      Forget();
      DyingConnection dying(database_->Connect(), life, done);
      if (Migrate(dying, Of({kMany})).ok()) break;
      ++deaths;
      ASSERT_OK(Migrate(*connection_, Of({kMany})));
      ASSERT_OK(VerifyMigrated(*connection_, Of({kMany})));
      const std::vector<Row> rows = database_->Query("SELECT x FROM a");
      ASSERT_THAT(rows, SizeIs(1));
      EXPECT_EQ(rows[0].Int(0), 2);
      EXPECT_THAT(database_->Query("SELECT id FROM b"), SizeIs(0));
      EXPECT_THAT(database_->Query("SHOW TABLES LIKE 'schema_migration_progress'"), SizeIs(0));
    }
  }
  EXPECT_GT(deaths, 40);
}

TEST_F(MigrateTest, AStatementThatFailedIsNotTakenForDone) {
  ASSERT_OK(connection_->Run("CREATE TABLE a (id BIGINT)"));
  for (int run = 0; run < 3; ++run) {
    const absl::Status status = Migrate(*connection_, Of({kTakenTable}));
    EXPECT_THAT(status, HasReason("MIGRATION_FAILED"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("statement 2 failed: error 1050"));
  }
}

TEST_F(MigrateTest, AFileWhoseFailingStatementWasMendedIsFinished) {
  ASSERT_THAT(Migrate(*connection_, Of({kFirst, kBroken})), HasReason("MIGRATION_FAILED"));
  EXPECT_THAT(Migrate(*connection_, Of({kFirst, kMendedTooEarly})), HasReason("MIGRATION_CHANGED"));
  ASSERT_OK(Migrate(*connection_, Of({kFirst, kMended})));
  EXPECT_THAT(database_->Query("SELECT id FROM c"), SizeIs(0));
  EXPECT_EQ(CountOf("0002_b.sql"), 1);
}

TEST_F(MigrateTest, RefusesAListOutOfOrderOrBadlyNamed) {
  EXPECT_THAT(Migrate(*connection_, Of({kSecond, kFirst})), HasReason("INVALID_MIGRATION"));
  EXPECT_THAT(Migrate(*connection_, Of({kFirst, kFirstChanged})), HasReason("INVALID_MIGRATION"));
  EXPECT_THAT(Migrate(*connection_, Of({{"1_a.sql", ""}})), HasReason("INVALID_MIGRATION"));
}

TEST_F(MigrateTest, ARunnerThatDiedLeavesNoLockBehind) {
  {
    const std::unique_ptr<Connection> dying = database_->Connect();
    ASSERT_OK(Migrate(*dying, Of({kFirst})));
  }
  EXPECT_OK(Migrate(*connection_, Of({kFirst, kSecond})));
}

}  // namespace
}  // namespace countersign::mysql
