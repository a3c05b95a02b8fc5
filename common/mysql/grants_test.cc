// Provision: who may do what afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/migrate.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestServerOptions;

constexpr EmbeddedFile kFiles[] = {
    {"0001_tables.sql",
     "CREATE TABLE things (id BIGINT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (id));\n"
     "CREATE TABLE ledger_entries (id BIGINT NOT NULL, PRIMARY KEY (id));\n"}};

constexpr int kNoRightOnTable = 1142;
constexpr int kNoRightOnColumn = 1143;

class GrantsTest : public ::testing::Test {
 protected:
  // A password with everything that quoting must survive, in percent-encoding: 'p"a\s`s;--
  static constexpr absl::string_view kPassword = "%27p%22a%5Cs%60s%3B--%20";

  static void SetUpTestSuite() {
    name_ = absl::StrCat("test_", getpid(), "_", absl::BytesToHexString(RandomBytes(4)));
    runtime_ = OptionsWith(kPassword);
    ASSERT_OK(Provision(TestServerOptions(), runtime_, Components()));
  }

  static void TearDownTestSuite() {
    auto admin = Connect(TestServerOptions());
    ASSERT_OK(admin);
    EXPECT_OK((*admin)->Run(absl::StrCat("DROP DATABASE IF EXISTS ", name_)));
    EXPECT_OK((*admin)->Run(absl::StrCat("DROP USER IF EXISTS '", name_, "'@'%'")));
  }

  void SetUp() override {
    auto connection = Connect(runtime_);
    ASSERT_OK(connection);
    connection_ = *std::move(connection);
  }

  static std::vector<Migrations> Components() {
    return {CommonMigrations(), {"test", {std::begin(kFiles), std::end(kFiles)}}};
  }

  static DatabaseOptions OptionsWith(absl::string_view password) {
    DatabaseOptions options = TestServerOptions();
    const std::string server = options.url.substr(options.url.find('@'));
    options.url = absl::StrCat("mysql://", name_, ":", password, server, "/", name_);
    return options;
  }

  int ErrorOf(absl::string_view sql) { return ErrorNumberOf(connection_->Execute(sql, {}).status()); }

  static std::string name_;
  static DatabaseOptions runtime_;
  std::unique_ptr<Connection> connection_;
};
std::string GrantsTest::name_;
DatabaseOptions GrantsTest::runtime_;

TEST_F(GrantsTest, TheRuntimeUserWorksOnOrdinaryTables) {
  EXPECT_EQ(ErrorOf("INSERT INTO things (id, value) VALUES (1, 1)"), 0);
  EXPECT_EQ(ErrorOf("UPDATE things SET value = 2 WHERE id = 1"), 0);
  EXPECT_OK(connection_->Query("SELECT id FROM things WHERE id = 1 FOR UPDATE", {}));
  EXPECT_EQ(ErrorOf("DELETE FROM things WHERE id = 1"), 0);
  EXPECT_OK(VerifyMigrated(*connection_, Components()));
}

TEST_F(GrantsTest, EventsAreInsertOnlyButForPositionAndSeal) {
  EXPECT_EQ(ErrorOf("UPDATE events SET position = 1, seal = NULL WHERE bucket = 0"), 0);
  for (const char* column : {"type", "payload", "digest", "version", "actor", "resource_digest", "salt"}) {
    EXPECT_EQ(ErrorOf(absl::StrCat("UPDATE events SET ", column, " = ", column)), kNoRightOnColumn) << column;
  }
  EXPECT_EQ(ErrorOf("DELETE FROM events"), kNoRightOnTable);
  EXPECT_OK(connection_->Query("SELECT version FROM events WHERE bucket = 0 FOR UPDATE", {}));
}

TEST_F(GrantsTest, LedgerRowsAreNeitherChangedNorDeleted) {
  EXPECT_EQ(ErrorOf("INSERT INTO ledger_entries (id) VALUES (1)"), 0);
  EXPECT_EQ(ErrorOf("UPDATE ledger_entries SET id = 2"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DELETE FROM ledger_entries"), kNoRightOnTable);
}

TEST_F(GrantsTest, TheRuntimeUserCannotChangeTheSchemaOrItsHistory) {
  EXPECT_EQ(ErrorOf("CREATE TABLE more (id BIGINT)"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DROP TABLE things"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("ALTER TABLE things ADD COLUMN more BIGINT"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("TRUNCATE TABLE ledger_entries"), kNoRightOnTable);
  EXPECT_EQ(ErrorOf("DELETE FROM schema_migrations"), kNoRightOnTable);
}

TEST_F(GrantsTest, ARepeatedProvisionChangesThePassword) {
  const DatabaseOptions changed = OptionsWith("another");
  ASSERT_OK(Provision(TestServerOptions(), changed, Components()));
  EXPECT_OK(Connect(changed));
  EXPECT_THAT(Connect(runtime_), HasReason("DATABASE_UNAVAILABLE"));
  ASSERT_OK(Provision(TestServerOptions(), runtime_, Components()));
}

TEST_F(GrantsTest, ProvisionRefusesAUrlWithoutASchema) {
  EXPECT_THAT(Provision(TestServerOptions(), TestServerOptions(), Components()), HasReason("INVALID_DATABASE_URL"));
}

}  // namespace
}  // namespace countersign::mysql
