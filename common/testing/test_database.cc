#include "common/testing/test_database.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/events/schema.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/migrate.h"
#include "common/mysql/server_url.h"
#include "common/mysql/statement_log.h"

namespace countersign::testing {
namespace {

constexpr absl::string_view kListTables =
    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' "
    "AND TABLE_NAME <> 'schema_migrations'";

[[noreturn]] void GiveUp(absl::string_view what) {
  std::cerr << "No test can run: " << what << std::endl;
  std::exit(1);
}

void OrGiveUp(const absl::Status& status, absl::string_view what) {
  if (!status.ok()) GiveUp(absl::StrCat(what, ": ", status.ToString()));
}

// Those that suites share, until all tests of the program have run. GoogleTest owns it.
class SharedDatabases final : public ::testing::EmptyTestEventListener {
 public:
  static SharedDatabases& Get() {
    static SharedDatabases* const shared = [] {
      auto* const made = new SharedDatabases;
      ::testing::UnitTest::GetInstance()->listeners().Append(made);
      return made;
    }();
    return *shared;
  }

  std::unique_ptr<TestDatabase>& Of(const std::vector<mysql::Migrations>& components) {
    return databases_[absl::StrJoin(components, ",", [](std::string* out, const mysql::Migrations& component) {
      absl::StrAppend(out, component.component, ":", component.files.size());
    })];
  }

  void OnTestProgramEnd(const ::testing::UnitTest&) override { databases_.clear(); }

 private:
  std::map<std::string, std::unique_ptr<TestDatabase>> databases_;
};

}  // namespace

mysql::DatabaseOptions TestServerOptions() {
  const char* url = std::getenv("COUNTERSIGN_TEST_DATABASE");
  if (url == nullptr || *url == '\0') {
    GiveUp(
        "COUNTERSIGN_TEST_DATABASE is not set. It names a MariaDB or MySQL server with the right to create schemas, "
        "for "
        "example mysql://root@127.0.0.1:3306; `./dev test` starts one by itself.");
  }
  mysql::DatabaseOptions options;
  options.url = mysql::WithSchema(url, "");
  if (const char* ca_file = std::getenv("COUNTERSIGN_DATABASE_CA")) options.ca_file = ca_file;
  return options;
}

std::string KeptStatementsEnding(absl::string_view component) { return absl::StrCat("-", component, ".statements"); }

std::string KeptStatements(absl::string_view schema, absl::string_view component) {
  const char* const folder = std::getenv("COUNTERSIGN_STATEMENT_LOGS");
  if (folder == nullptr || *folder == '\0') return "";
  return absl::StrCat(folder, "/", schema, KeptStatementsEnding(component));
}

TestDatabase::TestDatabase(const std::vector<mysql::Migrations>& components)
    : schema_(absl::StrCat("test_", getpid(), "_", absl::BytesToHexString(RandomBytes(6)))),
      options_(TestServerOptions()) {
  absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = mysql::Connect(options_);
  OrGiveUp(connection.status(), "the server of COUNTERSIGN_TEST_DATABASE does not answer");
  connection_ = *std::move(connection);
  OrGiveUp(connection_->Run(absl::StrCat("CREATE DATABASE `", schema_, "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")),
           "the schema cannot be created");
  OrGiveUp(connection_->Run(absl::StrCat("USE `", schema_, "`")), "the schema cannot be used");
  std::vector<mysql::Migrations> all = {events::CommonMigrations()};
  for (const mysql::Migrations& component : components) {
    if (component.component != all[0].component) all.push_back(component);
  }
  // database() has the rights that --migrate grants a service, so that a test fails where a statement needs more.
  const std::string password = absl::BytesToHexString(RandomBytes(16));
  OrGiveUp(connection_->Run(absl::StrCat("CREATE USER '", schema_, "'@'%' IDENTIFIED BY '", password, "'")),
           "the user cannot be created");
  mysql::DatabaseOptions runtime = options_;
  const std::string server = options_.url.substr(options_.url.find('@'));
  runtime.url = mysql::WithSchema(absl::StrCat("mysql://", schema_, ":", password, server), schema_);
  OrGiveUp(mysql::MigrateAs(options_, runtime, all), "the migrations fail");
  if (const std::string log = KeptStatements(schema_, all.back().component); !log.empty()) {
    absl::StatusOr<std::shared_ptr<mysql::StatementLog>> opened = mysql::StatementLog::Open(log);
    OrGiveUp(opened.status(), "COUNTERSIGN_STATEMENT_LOGS is no folder to write to");
    runtime.statement_log = *std::move(opened);
  }
  options_.url = mysql::WithSchema(options_.url, schema_);
  database_ = mysql::OpenDatabase(runtime);
}

TestDatabase& TestDatabase::Shared(const std::vector<mysql::Migrations>& components) {
  std::unique_ptr<TestDatabase>& shared = SharedDatabases::Get().Of(components);
  if (shared == nullptr) {
    shared = std::make_unique<TestDatabase>(components);
    shared->KeepSeeds();
  } else {
    shared->RestoreSeeds();
  }
  return *shared;
}

std::string TestDatabase::SeedSchema() const { return absl::StrCat(schema_, "_seeds"); }

void TestDatabase::KeepSeeds() {
  OrGiveUp(connection_->Run(absl::StrCat("CREATE DATABASE `", SeedSchema(), "`")), "no schema for what is seeded");
  for (const std::string& table : FilledTables()) {
    const std::string kept = absl::StrCat("`", SeedSchema(), "`.`", table, "`");
    OrGiveUp(connection_->Run(absl::StrCat("CREATE TABLE ", kept, " LIKE `", table, "`")), table);
    OrGiveUp(connection_->Run(absl::StrCat("INSERT INTO ", kept, " SELECT * FROM `", table, "`")), table);
    seeded_.push_back(table);
  }
}

void TestDatabase::RestoreSeeds() {
  Clear();
  for (const std::string& table : seeded_) {
    OrGiveUp(
        connection_->Run(absl::StrCat("INSERT INTO `", table, "` SELECT * FROM `", SeedSchema(), "`.`", table, "`")),
        table);
  }
}

TestDatabase::~TestDatabase() {
  database_.reset();
  absl::Status dropped = connection_->Run(absl::StrCat("DROP DATABASE IF EXISTS `", schema_, "`"));
  dropped.Update(connection_->Run(absl::StrCat("DROP DATABASE IF EXISTS `", SeedSchema(), "`")));
  dropped.Update(connection_->Run(absl::StrCat("DROP USER '", schema_, "'@'%'")));
  if (!dropped.ok()) std::cerr << "The schema " << schema_ << " is left behind: " << dropped.ToString() << std::endl;
}

std::unique_ptr<mysql::Connection> TestDatabase::Connect() const {
  absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = mysql::Connect(options_);
  OrGiveUp(connection.status(), "the server of COUNTERSIGN_TEST_DATABASE does not answer");
  return *std::move(connection);
}

std::vector<mysql::Row> TestDatabase::Query(absl::string_view sql, const std::vector<mysql::Parameter>& parameters) {
  absl::StatusOr<std::vector<mysql::Row>> rows = connection_->Query(sql, parameters);
  EXPECT_TRUE(rows.ok()) << sql << ": " << rows.status();
  return rows.ok() ? *std::move(rows) : std::vector<mysql::Row>();
}

int64_t TestDatabase::Execute(absl::string_view sql, const std::vector<mysql::Parameter>& parameters) {
  const absl::StatusOr<int64_t> count = connection_->Execute(sql, parameters);
  EXPECT_TRUE(count.ok()) << sql << ": " << count.status();
  return count.value_or(0);
}

std::vector<std::string> TestDatabase::FilledTables() {
  if (tables_.empty()) {
    for (const mysql::Row& row : Query(kListTables, {schema_})) tables_.push_back(row.Bytes(0));
  }
  const std::vector<mysql::Row> filled =
      Query(absl::StrCat("SELECT ", absl::StrJoin(tables_, ", ", [](std::string* out, const std::string& table) {
                           absl::StrAppend(out, "EXISTS (SELECT 1 FROM `", table, "`)");
                         })));
  std::vector<std::string> tables;
  for (size_t i = 0; i < tables_.size(); ++i) {
    if (filled.empty() || filled[0].Bool(static_cast<int>(i))) tables.push_back(tables_[i]);
  }
  return tables;
}

void TestDatabase::Clear(const std::vector<std::string>& keep) {
  for (const std::string& table : FilledTables()) {
    if (std::find(keep.begin(), keep.end(), table) != keep.end()) continue;
    const absl::Status cleared = connection_->Run(absl::StrCat("DELETE FROM `", table, "`"));
    EXPECT_TRUE(cleared.ok()) << table << ": " << cleared;
  }
}

}  // namespace countersign::testing
