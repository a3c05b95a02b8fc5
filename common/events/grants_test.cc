// Provision, MigrateAs and RevokeUnneeded: who may do what afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/events/schema.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/migrate.h"
#include "common/mysql/server_url.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestServerOptions;

constexpr EmbeddedFile kFiles[] = {
    {"0001_tables.sql",
     "CREATE TABLE things (id BIGINT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (id));\n"
     "CREATE TABLE notes (id BIGINT NOT NULL, PRIMARY KEY (id));\n"
     "CREATE TABLE kept_things (id BIGINT NOT NULL, fact BIGINT NOT NULL, state BIGINT NOT NULL, PRIMARY KEY (id));\n"
     "CREATE TABLE ledger_entries (id BIGINT NOT NULL, PRIMARY KEY (id));\n"}};

constexpr int kNoRightOnSchema = 1044;
constexpr int kNoRightOnTable = 1142;
constexpr int kNoRightOnColumn = 1143;
constexpr int kNoGlobalRight = 1227;

class GrantsTest : public ::testing::Test {
 protected:
  // A password with everything that quoting must survive, in percent-encoding: 'p"a\s`s;--
  static constexpr absl::string_view kPassword = "%27p%22a%5Cs%60s%3B--%20";

  static void SetUpTestSuite() {
    name_ = absl::StrCat("test_", getpid(), "_", absl::BytesToHexString(RandomBytes(4)));
    // In a grant on a schema _ stands for any character: this one would be met by a careless grant on name_.
    neighbour_ = absl::StrReplaceAll(name_, {{"_", "x"}});
    runtime_ = OptionsOf(name_, kPassword, name_);
    migrator_ = OptionsOf(name_ + "_mig", kPassword, "");
    ASSERT_OK(mysql::Provision(TestServerOptions(), migrator_, runtime_));
    ASSERT_OK(mysql::MigrateAs(migrator_, runtime_, Components()));
    auto admin = mysql::Connect(TestServerOptions());
    ASSERT_OK(admin);
    ASSERT_OK((*admin)->Run(absl::StrCat("CREATE DATABASE ", neighbour_)));
    ASSERT_OK((*admin)->Run(absl::StrCat("CREATE TABLE ", neighbour_, ".things (id BIGINT NOT NULL PRIMARY KEY)")));
  }

  static void TearDownTestSuite() {
    auto admin = mysql::Connect(TestServerOptions());
    ASSERT_OK(admin);
    for (const std::string& schema : {name_, neighbour_}) {
      EXPECT_OK((*admin)->Run(absl::StrCat("DROP DATABASE IF EXISTS ", schema)));
    }
    for (const std::string& user : {name_, name_ + "_mig"}) {
      EXPECT_OK((*admin)->Run(absl::StrCat("DROP USER IF EXISTS '", user, "'@'%'")));
    }
  }

  void SetUp() override { connection_ = ConnectOrFail(runtime_); }

  static std::vector<mysql::Migrations> Components(std::vector<std::string> insert_only = {"notes"}) {
    return {
        CommonMigrations(),
        {.component = "test", .files = {std::begin(kFiles), std::end(kFiles)}, .insert_only = std::move(insert_only)}};
  }

  static mysql::DatabaseOptions OptionsOf(absl::string_view user, absl::string_view password,
                                          absl::string_view schema) {
    mysql::DatabaseOptions options = TestServerOptions();
    const std::string server = options.url.substr(options.url.find('@'));
    options.url = mysql::WithSchema(absl::StrCat("mysql://", user, ":", password, server), schema);
    return options;
  }

  static std::unique_ptr<mysql::Connection> ConnectOrFail(const mysql::DatabaseOptions& options) {
    auto connection = mysql::Connect(options);
    EXPECT_OK(connection);
    return connection.ok() ? *std::move(connection) : nullptr;
  }

  int ErrorOf(absl::string_view sql) { return mysql::ErrorNumberOf(connection_->Run(sql)); }

  static std::string name_;
  static std::string neighbour_;
  static mysql::DatabaseOptions runtime_;
  static mysql::DatabaseOptions migrator_;
  std::unique_ptr<mysql::Connection> connection_;  // The runtime user's, until a test takes another.
};
std::string GrantsTest::name_;
std::string GrantsTest::neighbour_;
mysql::DatabaseOptions GrantsTest::runtime_;
mysql::DatabaseOptions GrantsTest::migrator_;

TEST_F(GrantsTest, TheRuntimeUserWorksOnOrdinaryTables) {
  EXPECT_EQ(ErrorOf("INSERT INTO things (id, value) VALUES (1, 1)"), 0);
  EXPECT_EQ(ErrorOf("UPDATE things SET value = 2 WHERE id = 1"), 0);
  EXPECT_OK(connection_->Query("SELECT id FROM things WHERE id = 1 FOR UPDATE", {}));
  EXPECT_EQ(ErrorOf("DELETE FROM things WHERE id = 1"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DELETE FROM held_deliveries"), 0);  // Named among those whose rows are deleted.
  EXPECT_OK(mysql::VerifyMigrated(*connection_, Components()));
}

TEST_F(GrantsTest, EventsAreInsertOnlyButForPositionSealAndSalt) {
  EXPECT_EQ(ErrorOf("UPDATE events SET position = 1, seal = NULL WHERE bucket = 0"), 0);
  for (const char* column : {"type", "payload", "digest", "version", "actor", "resource_digest", "mac"}) {
    EXPECT_EQ(ErrorOf(absl::StrCat("UPDATE events SET ", column, " = ", column)), kNoRightOnColumn) << column;
  }
  EXPECT_EQ(ErrorOf("UPDATE events SET salt = NULL WHERE bucket = 0"), 0);  // With the data that it stands for.
  EXPECT_EQ(ErrorOf("DELETE FROM events"), kNoRightOnTable);
  EXPECT_OK(connection_->Query("SELECT version FROM events WHERE bucket = 0 FOR UPDATE", {}));
}

TEST_F(GrantsTest, StoredRepliesAreDeletedOnceTheyAreOldAndNeverChanged) {
  EXPECT_EQ(ErrorOf("UPDATE stored_replies SET reply = ''"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DELETE FROM stored_replies WHERE create_time < '2000-01-01'"), 0);
}

TEST_F(GrantsTest, LedgerRowsAreNeitherChangedNorDeleted) {
  EXPECT_EQ(ErrorOf("INSERT INTO ledger_entries (id) VALUES (1)"), 0);
  EXPECT_EQ(ErrorOf("UPDATE ledger_entries SET id = 2"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DELETE FROM ledger_entries"), kNoRightOnTable);
}

TEST_F(GrantsTest, RowsOfAnInsertOnlyTableAreNeitherChangedNorDeleted) {
  EXPECT_EQ(ErrorOf("INSERT INTO notes (id) VALUES (1)"), 0);
  EXPECT_EQ(ErrorOf("UPDATE notes SET id = 2"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DELETE FROM notes"), kNoRightOnTable);
}

TEST_F(GrantsTest, TheRuntimeUserCannotChangeTheSchemaOrItsHistory) {
  for (const char* sql :
       {"CREATE TABLE more (id BIGINT)", "DROP TABLE things", "ALTER TABLE things ADD COLUMN more BIGINT",
        "CREATE INDEX more ON things (value)", "TRUNCATE TABLE ledger_entries", "RENAME TABLE things TO others",
        "CREATE VIEW more AS SELECT 1", "DELETE FROM schema_migrations", "UPDATE schema_migrations SET name = name",
        "INSERT INTO schema_migrations (component, name, sha256, applied_time) VALUES ('', '', '', NOW())"}) {
    EXPECT_EQ(ErrorOf(sql), kNoRightOnTable) << sql;
  }
  EXPECT_NE(ErrorOf(absl::StrCat("GRANT SELECT ON things TO '", name_, "_mig'@'%'")), 0);
  EXPECT_EQ(ErrorOf(absl::StrCat("DROP DATABASE ", name_)), kNoRightOnSchema);
}

TEST_F(GrantsTest, NeitherUserReachesAnotherSchemaOrTheServer) {
  for (const mysql::DatabaseOptions* user : {&runtime_, &migrator_}) {
    connection_ = ConnectOrFail(*user);
    EXPECT_EQ(ErrorOf(absl::StrCat("SELECT id FROM ", neighbour_, ".things")), kNoRightOnTable);
    EXPECT_EQ(ErrorOf(absl::StrCat("INSERT INTO ", neighbour_, ".things (id) VALUES (1)")), kNoRightOnTable);
    EXPECT_EQ(ErrorOf(absl::StrCat("CREATE TABLE ", neighbour_, ".more (id BIGINT)")), kNoRightOnTable);
    EXPECT_EQ(ErrorOf(absl::StrCat("DROP DATABASE ", neighbour_)), kNoRightOnSchema);
    EXPECT_EQ(ErrorOf(absl::StrCat("CREATE DATABASE ", name_, "more")), kNoRightOnSchema);
    EXPECT_EQ(ErrorOf("SELECT user FROM mysql.user"), kNoRightOnTable);
    EXPECT_EQ(ErrorOf("CREATE USER nobody"), kNoGlobalRight);
    EXPECT_NE(ErrorOf(absl::StrCat("GRANT SELECT ON ", neighbour_, ".* TO '", name_, "'@'%'")), 0);
    EXPECT_NE(ErrorOf(absl::StrCat("GRANT FILE ON *.* TO '", name_, "'@'%'")), 0);
  }
}

TEST_F(GrantsTest, TheMigrationUserChangesItsSchema) {
  connection_ = ConnectOrFail(migrator_);
  EXPECT_EQ(ErrorOf(absl::StrCat("USE ", name_)), 0);
  EXPECT_EQ(ErrorOf("CREATE TABLE more (id BIGINT NOT NULL PRIMARY KEY)"), 0);
  EXPECT_EQ(ErrorOf("ALTER TABLE more ADD COLUMN value BIGINT NULL, ADD KEY more_by_value (value)"), 0);
  EXPECT_EQ(ErrorOf("DROP TABLE more"), 0);
}

TEST_F(GrantsTest, WhatAnEarlierVersionMayDoItMayDoUntilItIsRevoked) {
  std::vector<mysql::Migrations> newer = Components({"notes", "things"});
  newer.back().updated_columns = {{"kept_things", "state"}};
  ASSERT_OK(mysql::MigrateAs(migrator_, runtime_, newer));
  connection_ = ConnectOrFail(runtime_);
  EXPECT_EQ(ErrorOf("UPDATE things SET value = 2"), 0);
  EXPECT_EQ(ErrorOf("UPDATE kept_things SET fact = 2, state = 2"), 0);
  ASSERT_OK(mysql::RevokeUnneeded(migrator_, runtime_, newer));
  connection_ = ConnectOrFail(runtime_);
  EXPECT_EQ(ErrorOf("UPDATE things SET value = 2"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("UPDATE kept_things SET fact = 2"), kNoRightOnColumn);
  EXPECT_EQ(ErrorOf("UPDATE kept_things SET state = 2"), 0);
  ASSERT_OK(mysql::MigrateAs(migrator_, runtime_, Components()));  // Rolled back.
  connection_ = ConnectOrFail(runtime_);
  EXPECT_EQ(ErrorOf("UPDATE things SET value = 2"), 0);
  EXPECT_EQ(ErrorOf("UPDATE kept_things SET fact = 2, state = 2"), 0);
}

TEST_F(GrantsTest, RevokingLeavesAnUnchangedVersionWhatItHas) {
  ASSERT_OK(mysql::RevokeUnneeded(migrator_, runtime_, Components()));
  connection_ = ConnectOrFail(runtime_);
  EXPECT_EQ(ErrorOf("UPDATE things SET value = 2"), 0);
  EXPECT_EQ(ErrorOf("UPDATE events SET position = 1 WHERE bucket = 0"), 0);
  EXPECT_EQ(ErrorOf("DELETE FROM held_deliveries"), 0);
  EXPECT_EQ(ErrorOf("UPDATE notes SET id = 2"), kNoRightOnTable);
}

TEST_F(GrantsTest, ATableOfWhichFewerColumnsChangeLosesItsOtherRights) {
  std::vector<mysql::Migrations> components = Components();
  for (const char* columns : {"state", "fact, state", "state"}) {
    components.back().updated_columns = {{"kept_things", columns}};
    ASSERT_OK(mysql::MigrateAs(migrator_, runtime_, components));
    for (int time = 0; time < 2; ++time) ASSERT_OK(mysql::RevokeUnneeded(migrator_, runtime_, components));
    connection_ = ConnectOrFail(runtime_);
    EXPECT_EQ(ErrorOf("UPDATE kept_things SET state = 2"), 0);
    EXPECT_EQ(ErrorOf("UPDATE kept_things SET fact = 2"), columns == std::string("state") ? kNoRightOnColumn : 0);
  }
  ASSERT_OK(mysql::MigrateAs(migrator_, runtime_, Components()));
}

TEST_F(GrantsTest, AnInsertOnlyTableThatDoesNotExistIsRefused) {
  EXPECT_THAT(mysql::MigrateAs(migrator_, runtime_, Components({"notez"})), HasReason("INVALID_MIGRATION"));
}

TEST_F(GrantsTest, ARepeatedProvisionChangesThePasswords) {
  const mysql::DatabaseOptions runtime = OptionsOf(name_, "another", name_);
  const mysql::DatabaseOptions migrator = OptionsOf(name_ + "_mig", "a_third", "");
  ASSERT_OK(mysql::Provision(TestServerOptions(), migrator, runtime));
  EXPECT_OK(mysql::Connect(runtime));
  EXPECT_OK(mysql::Connect(migrator));
  EXPECT_THAT(mysql::Connect(runtime_), HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_THAT(mysql::Connect(migrator_), HasReason("DATABASE_UNAVAILABLE"));
  ASSERT_OK(mysql::Provision(TestServerOptions(), migrator_, runtime_));
  EXPECT_OK(ConnectOrFail(runtime_)->Run("UPDATE things SET value = 2"));  // It kept its rights.
}

TEST_F(GrantsTest, ProvisionRefusesAUrlWithoutASchemaAndOneUserForBoth) {
  EXPECT_THAT(mysql::Provision(TestServerOptions(), migrator_, TestServerOptions()), HasReason("INVALID_DATABASE_URL"));
  EXPECT_THAT(mysql::Provision(TestServerOptions(), runtime_, runtime_), HasReason("INVALID_DATABASE_URL"));
}

}  // namespace
}  // namespace countersign::events
