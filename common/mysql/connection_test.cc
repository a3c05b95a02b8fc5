#include "common/mysql/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/errors.h"
#include "common/mysql/migrate.h"
#include "common/mysql/statement_cache.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDatabase;
using ::testing::SizeIs;

constexpr EmbeddedFile kFiles[] = {{"0001_values.sql",
                                    "CREATE TABLE samples (\n"
                                    "  id BINARY(16) NOT NULL,\n"
                                    "  bytes VARBINARY(64) NULL,\n"
                                    "  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,\n"
                                    "  title VARCHAR(64) NULL,\n"
                                    "  amount BIGINT NULL,\n"
                                    "  small TINYINT NULL,\n"
                                    "  at DATETIME(6) NULL,\n"
                                    "  day DATE NULL,\n"
                                    "  large MEDIUMBLOB NULL,\n"
                                    "  PRIMARY KEY (id)\n"
                                    ");\n"}};

constexpr absl::string_view kInsert =
    "INSERT INTO samples (id, bytes, name, title, amount, small, at, day, large) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr absl::string_view kSelect =
    "SELECT id, bytes, name, title, amount, small, at, day, large FROM samples WHERE id = ?";

// Not UTF-8 in any part, with quotes, backslashes and zeros.
const std::string kRaw("\x00\xff\xfe\x80'\\\"%_\xc3\x28\xed\xa0\x80\x00\xff", 16);

class ConnectionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new TestDatabase({{"samples", {std::begin(kFiles), std::end(kFiles)}}}); }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override {
    database_->Clear();
    connection_ = database_->Connect();
  }

  // A row of which only the id and the amount matter.
  void Insert(const Uuid& id, int64_t amount) {
    ASSERT_OK(connection_->Execute(kInsert, {id, std::nullopt, std::nullopt, std::nullopt, amount, std::nullopt,
                                             std::nullopt, std::nullopt, std::nullopt}));
  }

  static TestDatabase* database_;
  std::unique_ptr<Connection> connection_;
};
TestDatabase* ConnectionTest::database_ = nullptr;

TEST_F(ConnectionTest, KeepsEveryByteAndMicrosecond) {
  const Uuid id = *Uuid::FromBytes(kRaw);
  const absl::Time at = absl::FromCivil(absl::CivilSecond(2009, 6, 1, 23, 59, 58), absl::UTCTimeZone());
  const std::string large(600'000, '\xff');  // More than the connector sends in one piece.
  for (const absl::Duration fraction : {absl::Microseconds(0), absl::Microseconds(7), absl::Microseconds(999'999)}) {
    database_->Clear();
    ASSERT_OK(connection_->Execute(kInsert, {id, kRaw, "ascii-name", "日本語 é 😀", std::numeric_limits<int64_t>::min(),
                                             true, at + fraction, Date(2012, 2, 29), large}));
    ASSERT_OK_AND_ASSIGN(const std::vector<Row> rows, connection_->Query(kSelect, {id}));
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].Id(0), id);
    EXPECT_EQ(rows[0].Bytes(1), kRaw);
    EXPECT_EQ(rows[0].Bytes(2), "ascii-name");
    EXPECT_EQ(rows[0].Bytes(3), "日本語 é 😀");
    EXPECT_EQ(rows[0].Int(4), std::numeric_limits<int64_t>::min());
    EXPECT_TRUE(rows[0].Bool(5));
    EXPECT_EQ(rows[0].Time(6), at + fraction);
    EXPECT_EQ(rows[0].Day(7), Date(2012, 2, 29));
    EXPECT_EQ(rows[0].OptionalId(0), id);
    EXPECT_EQ(rows[0].OptionalTime(6), at + fraction);
    EXPECT_EQ(rows[0].OptionalDay(7), Date(2012, 2, 29));
    EXPECT_EQ(rows[0].Bytes(8), large);
  }
}

TEST_F(ConnectionTest, BindsAndReadsNull) {
  const Uuid id = Uuid::V7(absl::UnixEpoch());
  ASSERT_OK(connection_->Execute(kInsert, {id, std::optional<std::string>(), std::nullopt, std::nullopt, std::nullopt,
                                           std::nullopt, absl::InfinitePast(), std::nullopt, std::nullopt}));
  ASSERT_OK_AND_ASSIGN(const std::optional<Row> row, connection_->QueryOne(kSelect, {id}));
  ASSERT_TRUE(row.has_value());
  for (int column = 1; column < 9; ++column) EXPECT_TRUE(row->IsNull(column)) << column;
  EXPECT_EQ(row->Time(6), absl::InfinitePast());
  EXPECT_EQ(row->OptionalId(1), std::nullopt);
  EXPECT_EQ(row->OptionalTime(6), std::nullopt);
  EXPECT_EQ(row->OptionalDay(7), std::nullopt);
  EXPECT_EQ(row->Int(4), 0);
  EXPECT_TRUE(row->IsNull(9));  // No such column.
}

TEST_F(ConnectionTest, TheSameStatementReadsLongerValuesTheSecondTime) {
  const Uuid id = Uuid::V7(absl::UnixEpoch());
  Insert(id, 1);
  for (const size_t size : {1, 63, 0, 64, 5}) {
    const std::string bytes(size, '\xe3');
    ASSERT_OK(connection_->Execute("UPDATE samples SET bytes = ? WHERE id = ?", {bytes, id}));
    ASSERT_OK_AND_ASSIGN(const std::optional<Row> row, connection_->QueryOne(kSelect, {id}));
    EXPECT_EQ(row->Bytes(1), bytes);
  }
}

TEST_F(ConnectionTest, ComparesBinaryColumnsBytewise) {
  const Uuid id = *Uuid::FromBytes(kRaw);
  ASSERT_OK(connection_->Execute(
      kInsert, {id, kRaw, std::nullopt, std::nullopt, 1, std::nullopt, std::nullopt, std::nullopt, std::nullopt}));
  const auto count = [&](const std::string& bytes) {
    auto rows =
        connection_->Query("SELECT id FROM samples WHERE id = ? AND bytes = ? AND bytes >= ?", {id, bytes, bytes});
    return rows.ok() ? static_cast<int>(rows->size()) : -1;
  };
  EXPECT_EQ(count(kRaw), 1);
  std::string other = kRaw;
  other[1] = '\xfd';
  EXPECT_EQ(count(other), 0);
}

TEST_F(ConnectionTest, FindsABinaryKeyThroughTheIndex) {
  for (int i = 0; i < 100; ++i) Insert(Uuid::V7(absl::UnixEpoch() + absl::Hours(i)), i);
  Insert(*Uuid::FromBytes(kRaw), 1);
  constexpr absl::string_view kReads = "SHOW SESSION STATUS LIKE 'Handler_read%next'";
  ASSERT_OK_AND_ASSIGN(const std::vector<Row> before, connection_->Query(kReads, {}));
  ASSERT_OK_AND_ASSIGN(const std::vector<Row> found, connection_->Query(kSelect, {kRaw}));
  ASSERT_OK_AND_ASSIGN(const std::vector<Row> after, connection_->Query(kReads, {}));
  EXPECT_THAT(found, SizeIs(1));
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_LT(after[i].Int(1) - before[i].Int(1), 50) << after[i].Bytes(0) << ": the table was read from end to end";
  }
}

TEST_F(ConnectionTest, AGuardedUpdateCountsRowsThatItMatchedWithoutChangingThem) {
  const Uuid id = Uuid::V7(absl::UnixEpoch());
  Insert(id, 5);
  constexpr absl::string_view kGuarded = "UPDATE samples SET amount = ? WHERE id = ? AND amount = ?";
  EXPECT_OK(connection_->ExecuteGuarded(kGuarded, {5, id, 5}));
  EXPECT_THAT(connection_->ExecuteGuarded(kGuarded, {6, id, 4}), HasReason("LOST_RACE"));
}

TEST_F(ConnectionTest, RefusesWhatDoesNotFit) {
  const Uuid id = Uuid::V7(absl::UnixEpoch());
  Insert(id, 5);
  for (const absl::string_view sql :
       {"UPDATE samples SET small = 1000 WHERE id = ?", "UPDATE samples SET name = REPEAT('x', 65) WHERE id = ?",
        "UPDATE samples SET day = '2009-02-30' WHERE id = ?", "UPDATE samples SET amount = 1 / 0 WHERE id = ?"}) {
    EXPECT_THAT(connection_->Execute(sql, {id}), StatusIs(absl::StatusCode::kInternal)) << sql;
  }
  EXPECT_TRUE(connection_->usable());
}

TEST_F(ConnectionTest, ADuplicateKeyLeavesSessionAndStatementUsable) {
  const Uuid id = Uuid::V7(absl::UnixEpoch());
  constexpr absl::string_view kInsertId = "INSERT INTO samples (id) VALUES (?)";
  ASSERT_OK(connection_->Execute(kInsertId, {id}));
  EXPECT_TRUE(IsDuplicateKey(connection_->Execute(kInsertId, {id}).status()));
  EXPECT_OK(connection_->Execute(kInsertId, {Uuid::V7(absl::UnixEpoch() + absl::Hours(1))}));
  EXPECT_TRUE(connection_->usable());
}

TEST_F(ConnectionTest, AStatementOutlivesAChangeOfItsTable) {
  ASSERT_OK(connection_->Query(kSelect, {kRaw}));
  ASSERT_OK(database_->Connect()->Run("ALTER TABLE samples ADD COLUMN later INT NULL"));
  EXPECT_OK(connection_->Query(kSelect, {kRaw}));
  ASSERT_OK(database_->Connect()->Run("ALTER TABLE samples DROP COLUMN later"));
  EXPECT_OK(connection_->Query(kSelect, {kRaw}));
}

TEST_F(ConnectionTest, WrongSqlIsInternalAndNamesTheError) {
  const absl::Status status = connection_->Query("SELECT nothing FROM nowhere", {}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(ErrorNumberOf(status), 1146);
  EXPECT_TRUE(connection_->usable());
}

// A session's own count, so that other tests on the server do not disturb. The connector closes a handle when its
// statement goes, so what was prepared and not closed is what the session holds.
int CountOf(Connection& connection, absl::string_view show) {
  auto rows = connection.Query(show, {});
  return rows.ok() && rows->size() == 1 ? static_cast<int>((*rows)[0].Int(1)) : -1'000'000;
}
int PreparedBy(Connection& connection) { return CountOf(connection, "SHOW SESSION STATUS LIKE 'Com_stmt_prepare'"); }
int HandlesOf(Connection& connection) {
  return PreparedBy(connection) - CountOf(connection, "SHOW SESSION STATUS LIKE 'Com_stmt_close'");
}

TEST_F(ConnectionTest, PreparesEachTextOnceAndLeaksNoServerHandle) {
  HandlesOf(*connection_);
  const int before = HandlesOf(*connection_);
  for (int i = 0; i < 50; ++i) ASSERT_OK(connection_->Query(kSelect, {kRaw}));
  EXPECT_EQ(HandlesOf(*connection_), before + 1);
  for (int i = 0; i < 1000; ++i) ASSERT_OK(connection_->Query(absl::StrCat("SELECT ", i), {}));
  EXPECT_LE(HandlesOf(*connection_), static_cast<int>(StatementCache::kMaxStatements) + 2);
}

TEST_F(ConnectionTest, OfStatementsWithManyParametersItKeepsAFewOfThoseUsedLast) {
  constexpr int kParameters = 500;
  const auto select = [](int number) {
    std::string sql = absl::StrCat("SELECT ", number, " WHERE ? = 'a'");
    for (int i = 1; i < kParameters; ++i) sql += " OR ? = 'a'";
    return sql;
  };
  HandlesOf(*connection_);
  const int before = HandlesOf(*connection_);
  const std::vector<Parameter> parameters(kParameters, "a");
  ASSERT_OK(connection_->Query(kSelect, {kRaw}));
  for (int number = 0; number < 30; ++number) ASSERT_OK(connection_->Query(select(number), parameters));
  EXPECT_LE(HandlesOf(*connection_),
            before + 1 + static_cast<int>(StatementCache::kMaxParametersOfLarge) / kParameters);
  const int prepared = PreparedBy(*connection_);
  ASSERT_OK(connection_->Query(kSelect, {kRaw}));
  ASSERT_OK(connection_->Query(select(29), parameters));
  EXPECT_EQ(PreparedBy(*connection_), prepared);
}

TEST_F(ConnectionTest, TheSessionIsReadCommittedStrictAndUtc) {
  const auto variable = [&](absl::string_view name) {
    auto rows = connection_->Query(absl::StrCat("SHOW SESSION VARIABLES LIKE '", name, "'"), {});
    return rows.ok() && rows->size() == 1 ? (*rows)[0].Bytes(1) : std::string("?");
  };
  EXPECT_THAT((std::vector{variable("tx_isolation"), variable("transaction_isolation")}),
              ::testing::Contains("READ-COMMITTED"));  // MariaDB 10.11 has the one, MySQL 9 the other.
  EXPECT_THAT(variable("sql_mode"), ::testing::HasSubstr("STRICT_ALL_TABLES"));
  EXPECT_EQ(variable("time_zone"), "+00:00");
  EXPECT_EQ(variable("innodb_lock_wait_timeout"), "3");
  EXPECT_EQ(variable("character_set_connection"), "utf8mb4");
}

TEST_F(ConnectionTest, AKilledSessionFailsEveryLaterStatementCommitIncluded) {
  ASSERT_OK_AND_ASSIGN(const std::optional<Row> id, connection_->QueryOne("SELECT CONNECTION_ID()", {}));
  ASSERT_OK(connection_->Run("START TRANSACTION"));
  Insert(Uuid::V7(absl::UnixEpoch()), 5);
  ASSERT_OK(database_->Connect()->Run(absl::StrCat("KILL CONNECTION ", id->Int(0))));
  const absl::Status status = connection_->Run("COMMIT");
  EXPECT_TRUE(IsConnectionLost(status)) << status;
  EXPECT_FALSE(connection_->usable());
  EXPECT_THAT(connection_->Query("SELECT 1", {}), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(database_->Query("SELECT id FROM samples"), SizeIs(0));
}

TEST_F(ConnectionTest, AnUnreachableServerIsUnavailable) {
  DatabaseOptions options;
  options.url = "mysql://root@127.0.0.1:1/nothing";  // tcpmux: nobody listens.
  EXPECT_THAT(Connect(options), HasReason("DATABASE_UNAVAILABLE"));
}

TEST_F(ConnectionTest, AServerThatDoesNotAnswerIsGivenUpAfterTheReadTimeout) {
  DatabaseOptions options = database_->options();
  options.io_timeout = absl::Seconds(1);
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Connection> impatient, Connect(options));
  EXPECT_TRUE(IsConnectionLost(impatient->Query("SELECT SLEEP(20)", {}).status()));
  EXPECT_FALSE(impatient->usable());
}

TEST_F(ConnectionTest, AWrongPasswordIsUnavailableAndNotRepeatedInTheMessage) {
  DatabaseOptions options = database_->options();
  options.url.replace(0, options.url.find('@'), "mysql://nobody_of_that_name:hunter2");
  const absl::Status status = Connect(options).status();
  EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_THAT(status.ToString(), ::testing::Not(::testing::HasSubstr("hunter2")));
}

}  // namespace
}  // namespace countersign::mysql
