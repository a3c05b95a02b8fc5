#include "benchmarks/recording.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/mysql/server_url.h"
#include "common/mysql/statement_log.h"
#include "common/testing/test_database.h"

namespace countersign::benchmarks {
namespace {

constexpr int64_t kStateBefore = -1;
constexpr absl::Duration kLongEnough = absl::Seconds(3);

using mysql::LoggedStatement;

absl::StatusOr<std::vector<std::string>> TablesOf(mysql::Reader& admin, const std::string& schema) {
  ASSIGN_OR_RETURN(const auto rows,
                   admin.Query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? "
                               "AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME",
                               {schema}));
  std::vector<std::string> tables;
  for (const mysql::Row& row : rows) tables.push_back(row.Bytes(0));
  return tables;
}

// The statements that make a table and its rows.
absl::Status AddTable(mysql::Reader& admin, const std::string& schema, const std::string& table, int64_t index,
                      std::vector<LoggedStatement>& statements) {
  ASSIGN_OR_RETURN(const auto created, admin.QueryOne(absl::StrCat("SHOW CREATE TABLE ", schema, ".", table), {}));
  statements.push_back({kStateBefore, index, created.value().Bytes(1), {}});
  ASSIGN_OR_RETURN(const auto columns,
                   admin.Query("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE "
                               "TABLE_SCHEMA = ? AND TABLE_NAME = ? AND EXTRA NOT LIKE '%GENERATED%' "
                               "ORDER BY ORDINAL_POSITION",
                               {schema, table}));
  const std::string names =
      absl::StrJoin(columns, ", ", [](std::string* out, const mysql::Row& row) { *out += row.Bytes(0); });
  const std::vector<std::string> marks(columns.size(), "?");
  const std::string insert =
      absl::StrCat("INSERT INTO ", table, " (", names, ") VALUES (", absl::StrJoin(marks, ", "), ")");
  ASSIGN_OR_RETURN(const auto rows, admin.Query(absl::StrCat("SELECT ", names, " FROM ", schema, ".", table), {}));
  for (const mysql::Row& row : rows) {
    LoggedStatement statement{kStateBefore, index, insert, {}};
    for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
      statement.parameters.push_back(row.IsNull(i) ? mysql::Parameter(std::nullopt) : mysql::Parameter(row.Bytes(i)));
    }
    statements.push_back(std::move(statement));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CopySchema(mysql::Connection& admin, const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(admin.Run(absl::StrCat("DROP DATABASE IF EXISTS ", to)));
  RETURN_IF_ERROR(admin.Run(absl::StrCat("CREATE DATABASE ", to)));
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, TablesOf(admin, from));
  for (const std::string& table : tables) {
    RETURN_IF_ERROR(admin.Run(absl::StrCat("CREATE TABLE ", to, ".", table, " LIKE ", from, ".", table)));
    RETURN_IF_ERROR(
        admin.Run(absl::StrCat("INSERT INTO ", to, ".", table, " SELECT * FROM ", from, ".", table)));  // A copy.
  }
  return absl::OkStatus();
}

absl::Status SaveRecording(mysql::Reader& admin, const Recording& recording, const std::string& path) {
  std::vector<LoggedStatement> statements;
  for (size_t schema = 0; schema < recording.schemas.size(); ++schema) {
    const std::string before = recording.schemas[schema] + "_before";
    ASSIGN_OR_RETURN(const std::vector<std::string> tables, TablesOf(admin, before));
    for (const std::string& table : tables) {
      RETURN_IF_ERROR(AddTable(admin, before, table, static_cast<int64_t>(schema), statements));
    }
  }
  for (size_t order = 0; order < recording.orders.size(); ++order) {
    for (const ReplayStatement& item : recording.orders[order]) {
      statements.push_back({static_cast<int64_t>(order), item.schema, item.statement.sql, item.statement.parameters});
    }
  }
  std::ofstream file(path, std::ios::binary);
  for (const LoggedStatement& statement : statements) file << mysql::LineOf(statement);
  file.close();
  return file ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot write ", path));
}

absl::StatusOr<Recording> LoadRecording(mysql::Connection& admin, const std::string& path, absl::string_view prefix) {
  ASSIGN_OR_RETURN(std::vector<LoggedStatement> statements, mysql::ReadStatementLog(path));
  Recording recording;
  std::vector<std::unique_ptr<mysql::Connection>> sessions;  // One for each schema.
  for (LoggedStatement& statement : statements) {
    const int schema = static_cast<int>(statement.session);
    while (static_cast<int>(sessions.size()) <= schema) {
      recording.schemas.push_back(absl::StrCat(prefix, "_", sessions.size()));
      const std::string before = recording.schemas.back() + "_before";
      RETURN_IF_ERROR(admin.Run(absl::StrCat("DROP DATABASE IF EXISTS ", before)));
      RETURN_IF_ERROR(admin.Run(absl::StrCat("CREATE DATABASE ", before)));
      mysql::DatabaseOptions options = testing::TestServerOptions();
      options.url = mysql::WithSchema(options.url, before);
      ASSIGN_OR_RETURN(sessions.emplace_back(), mysql::Connect(options));
    }
    if (const int64_t order = statement.time_ns; order != kStateBefore) {
      recording.orders.resize(std::max(recording.orders.size(), static_cast<size_t>(order) + 1));
      recording.orders[order].push_back({schema, std::move(statement)});
    } else if (statement.parameters.empty()) {
      RETURN_IF_ERROR(sessions[schema]->Run(statement.sql));
    } else {
      RETURN_IF_ERROR(sessions[schema]->Execute(statement.sql, statement.parameters).status());
    }
  }
  return recording;
}

absl::Status DropRecording(mysql::Connection& admin, const Recording& recording) {
  for (const std::string& schema : recording.schemas) {
    RETURN_IF_ERROR(admin.Run(absl::StrCat("DROP DATABASE IF EXISTS ", schema, "_before")));
    RETURN_IF_ERROR(admin.Run(absl::StrCat("DROP DATABASE IF EXISTS ", schema, "_replay")));
  }
  return absl::OkStatus();
}

absl::StatusOr<double> BareOrdersPerSecond(mysql::Connection& admin, const Recording& recording, int callers) {
  absl::Duration elapsed;
  size_t orders = 0;
  while (elapsed < kLongEnough) {
    std::vector<std::string> urls;
    for (const std::string& schema : recording.schemas) {
      RETURN_IF_ERROR(CopySchema(admin, schema + "_before", schema + "_replay"));
      urls.push_back(mysql::WithSchema(testing::TestServerOptions().url, schema + "_replay"));
    }
    ASSIGN_OR_RETURN(const ReplayResult result, Replay(recording.orders, urls, callers));
    if (result.failed_statements > 0) std::cerr << "replay: " << result.failed_statements << " statements failed\n";
    elapsed += result.elapsed;
    orders += recording.orders.size();
  }
  return static_cast<double>(orders) / absl::ToDoubleSeconds(elapsed);
}

}  // namespace countersign::benchmarks
