// A schema of its own on the real server that COUNTERSIGN_TEST_DATABASE names (mysql://root@127.0.0.1:13306; the user
// must be allowed to create schemas and users). With COUNTERSIGN_DATABASE_CA (the PEM file of the CA that signed the
// server's certificate) every session is over TLS. `./dev test` starts such a server.
#ifndef COUNTERSIGN_COMMON_TESTING_TEST_DATABASE_H_
#define COUNTERSIGN_COMMON_TESTING_TEST_DATABASE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/migrate.h"

namespace countersign::testing {

// When a call of a test may be given up: far enough that no slow machine meets it.
inline absl::Time TestDeadline() { return absl::Now() + absl::Seconds(60); }

// Creates the schema, migrates it, and drops it at the end. A service's takes up to 2 s: share one among the suites of
// a program (Shared), or make one per suite (SetUpTestSuite), and Clear it between tests. Without a server the program
// ends with exit code 1 and says what is missing.
class TestDatabase {
 public:
  // CommonMigrations() go first and need not be listed.
  explicit TestDatabase(const std::vector<mysql::Migrations>& components = {});
  ~TestDatabase();

  // For suites that change rows only, in SetUpTestSuite: this program's one database of these migrations, with the very
  // rows that the migrations left. The first suite makes it; it is dropped when all tests have run.
  static TestDatabase& Shared(const std::vector<mysql::Migrations>& components);

  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  mysql::Database& database() { return *database_; }
  const mysql::DatabaseOptions& options() const { return options_; }  // Of the schema, with all rights.
  const std::string& schema() const { return schema_; }

  // A session beside the pool.
  std::unique_ptr<mysql::Connection> Connect() const;

  // One statement on such a session, for arranging and checking. Fails the test when it does not succeed.
  std::vector<mysql::Row> Query(absl::string_view sql, const std::vector<mysql::Parameter>& parameters = {});
  int64_t Execute(absl::string_view sql, const std::vector<mysql::Parameter>& parameters = {});

  // Deletes all rows of all tables but schema_migrations and those in `keep` (what migrations seeded). All tables must
  // have been made when Shared returns, or before the first Clear.
  void Clear(const std::vector<std::string>& keep = {});

 private:
  // Copies the rows that the migrations inserted to a schema beside this one, and back.
  void KeepSeeds();
  void RestoreSeeds();
  std::string SeedSchema() const;
  std::vector<std::string> FilledTables();  // Without schema_migrations.

  std::string schema_;
  mysql::DatabaseOptions options_;
  std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<mysql::Connection> connection_;  // For Query, Execute and Clear.
  std::vector<std::string> tables_ = {};           // Of the schema, without schema_migrations; listed once.
  std::vector<std::string> seeded_;                // The tables with rows that KeepSeeds has kept.
};

// The server's options, without a schema.
mysql::DatabaseOptions TestServerOptions();

// COUNTERSIGN_STATEMENT_LOGS names a folder in which every test leaves what its services and stores sent, so that the
// statements of a whole run can be read. The file for those of one schema, of a component ("order"); empty where the
// variable is not set.
std::string KeptStatements(absl::string_view schema, absl::string_view component);
// How the name of such a file ends.
std::string KeptStatementsEnding(absl::string_view component);

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_TEST_DATABASE_H_
