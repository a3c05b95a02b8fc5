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

std::vector<Migrations> Of(std::vector<MigrationFile> files) { return {{"test", std::move(files)}}; }

class MigrateTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase; }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override {
    connection_ = database_->Connect();
    for (const char* table : {"a", "b", "c"}) {
      ASSERT_OK(connection_->Run(absl::StrCat("DROP TABLE IF EXISTS ", table)));
    }
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
