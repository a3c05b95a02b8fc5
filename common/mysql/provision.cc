// Provision, MigrateAs and RevokeUnneeded of migrate.h: schema, users and rights.
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/migrate.h"
#include "common/mysql/server_url.h"

namespace countersign::mysql {
namespace {

constexpr absl::string_view kListTables =
    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'";

// A user's UPDATE rights as that user sees them: (table, column); an empty column means all.
constexpr absl::string_view kListUpdated =
    "SELECT TABLE_NAME, '' FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = ? AND PRIVILEGE_TYPE = "
    "'UPDATE' UNION ALL SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = "
    "? "
    "AND PRIVILEGE_TYPE = 'UPDATE'";

// A migration's rights in its own schema, which it may pass on to the runtime user.
constexpr absl::string_view kMigratorRights = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX";

// MySQL's error, but not MariaDB's, when a right to be revoked is not held.
constexpr int kNoSuchGrant = 1147;

// A MySQL user name has at most 32 characters.
constexpr size_t kLongestUser = 32;

struct Rights {
  std::string granted;
  std::string revoked;  // What an earlier version may have been granted; may be empty.
  // UPDATE of these only; none: the rights are on the whole table.
  std::set<std::string> columns = {};
};

using ColumnNames = std::set<std::string>;  // Of a table; the empty name is every column.

Rights RightsOn(const std::string& table, const Migrations& of_all) {
  if (table == "schema_migrations") return {"SELECT", "INSERT, UPDATE, DELETE"};
  if (const auto found = of_all.updated_columns.find(table); found != of_all.updated_columns.end()) {
    return {absl::StrCat("SELECT, INSERT, UPDATE (", found->second, ")"), "DELETE",
            absl::StrSplit(found->second, ", ")};
  }
  if (absl::c_linear_search(of_all.expiring, table)) return {"SELECT, INSERT, DELETE", "UPDATE"};
  const bool insert_only = absl::StartsWith(table, "ledger_") || absl::c_linear_search(of_all.insert_only, table);
  if (insert_only) return {"SELECT, INSERT", "UPDATE, DELETE"};
  if (absl::c_linear_search(of_all.deleted, table)) return {"SELECT, INSERT, UPDATE, DELETE", ""};
  return {"SELECT, INSERT, UPDATE", "DELETE"};
}

std::string Account(const ServerUrl& user) { return absl::StrCat(QuoteLiteral(user.user), "@'%'"); }

absl::Status CheckUser(const ServerUrl& user) {
  if (user.user.size() <= kLongestUser) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_DATABASE_URL",
               "The user of a database URL must have at most 32 characters.");
}

absl::Status CreateUser(Connection& connection, const ServerUrl& user, bool tls) {
  const std::string password = QuoteLiteral(user.password);
  RETURN_IF_ERROR(
      connection.Run(absl::StrCat("CREATE USER IF NOT EXISTS ", Account(user), " IDENTIFIED BY ", password)));
  // If this program speaks TLS, nobody may use the account without it; else the account's requirement stays as it is.
  return connection.Run(
      absl::StrCat("ALTER USER ", Account(user), " IDENTIFIED BY ", password, tls ? " REQUIRE SSL" : ""));
}

absl::Status Revoke(Connection& connection, absl::string_view right, absl::string_view on, const ServerUrl& runtime) {
  const absl::Status status = connection.Run(absl::StrCat("REVOKE ", right, on, "FROM ", Account(runtime)));
  return ErrorNumberOf(status) == kNoSuchGrant ? absl::OkStatus() : status;
}

absl::Status RevokeOnTable(Connection& connection, const ServerUrl& runtime, const std::string& on,
                           const Rights& rights, const ColumnNames& updated) {
  ColumnNames taken;
  if (!rights.columns.empty()) absl::c_set_difference(updated, rights.columns, std::inserter(taken, taken.end()));
  // To take it away from the table takes it away from every column: the grant that follows gives back what is needed.
  if (!taken.empty()) {
    const std::string right = taken.contains("") ? "UPDATE" : absl::StrCat("UPDATE (", absl::StrJoin(taken, ", "), ")");
    RETURN_IF_ERROR(Revoke(connection, right, on, runtime));
  }
  for (const absl::string_view right : absl::StrSplit(rights.revoked, ", ", absl::SkipEmpty())) {
    RETURN_IF_ERROR(Revoke(connection, right, on, runtime));
  }
  return absl::OkStatus();
}

// The columns of each table that the runtime user may update; nullopt: it has no rights yet and cannot tell.
std::optional<std::map<std::string, ColumnNames>> UpdatedNow(const DatabaseOptions& runtime,
                                                             const std::string& schema) {
  const absl::StatusOr<std::unique_ptr<Connection>> connection = Connect(runtime);
  if (!connection.ok()) return std::nullopt;
  const absl::StatusOr<std::vector<Row>> rows = (*connection)->Query(kListUpdated, {schema, schema});
  if (!rows.ok()) return std::nullopt;
  std::map<std::string, ColumnNames> updated;
  for (const Row& row : *rows) updated[row.Bytes(0)].insert(row.Bytes(1));
  return updated;
}

Migrations RightsOfAll(const std::vector<Migrations>& components) {
  Migrations of_all;
  for (const Migrations& component : components) {
    of_all.insert_only.insert(of_all.insert_only.end(), component.insert_only.begin(), component.insert_only.end());
    of_all.expiring.insert(of_all.expiring.end(), component.expiring.begin(), component.expiring.end());
    of_all.deleted.insert(of_all.deleted.end(), component.deleted.begin(), component.deleted.end());
    of_all.updated_columns.insert(component.updated_columns.begin(), component.updated_columns.end());
  }
  return of_all;
}

// Grants what is needed of each table, after taking away what is not: `revoke`.
absl::Status SetRights(Connection& connection, const DatabaseOptions& options, const ServerUrl& runtime,
                       const std::vector<Migrations>& components, bool revoke) {
  const Migrations of_all = RightsOfAll(components);
  std::set<std::string> unknown(of_all.insert_only.begin(), of_all.insert_only.end());
  unknown.insert(of_all.expiring.begin(), of_all.expiring.end());
  unknown.insert(of_all.deleted.begin(), of_all.deleted.end());
  for (const auto& [table, columns] : of_all.updated_columns) unknown.insert(table);
  std::optional<std::map<std::string, ColumnNames>> updated;
  if (revoke) updated = UpdatedNow(options, runtime.schema);
  ASSIGN_OR_RETURN(const std::vector<Row> tables, connection.Query(kListTables, {runtime.schema}));
  for (const Row& row : tables) {
    const std::string& table = row.Bytes(0);
    unknown.erase(table);
    const Rights rights = RightsOn(table, of_all);
    const std::string on = absl::StrCat(" ON `", runtime.schema, "`.`", table, "` ");
    if (revoke) {
      RETURN_IF_ERROR(
          RevokeOnTable(connection, runtime, on, rights, updated.has_value() ? (*updated)[table] : ColumnNames{""}));
    }
    RETURN_IF_ERROR(connection.Run(absl::StrCat("GRANT ", rights.granted, on, "TO ", Account(runtime))));
  }
  if (unknown.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_MIGRATION",
               absl::StrCat("No migration makes the table ", *unknown.begin(), ", whose rights are limited."));
}

// With `schema` in place of the one that the user's URL names; "" for none.
absl::StatusOr<std::unique_ptr<Connection>> ConnectAs(DatabaseOptions user, absl::string_view schema) {
  user.url = WithSchema(user.url, schema);
  return Connect(user);
}

}  // namespace

absl::Status Provision(const DatabaseOptions& admin, const DatabaseOptions& migrator, const DatabaseOptions& runtime) {
  ASSIGN_OR_RETURN(const ServerUrl target, ServerOf(runtime));
  ASSIGN_OR_RETURN(const ServerUrl migrating, ServerOf(migrator));
  RETURN_IF_ERROR(CheckUser(target));
  RETURN_IF_ERROR(CheckUser(migrating));
  if (target.schema.empty() || target.user == migrating.user) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_DATABASE_URL",
                 "The database URL must name a schema, and another user than the one that migrates it.");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, ConnectAs(admin, ""));
  // One collation on every server, so that two servers never differ in what equals what.
  RETURN_IF_ERROR(connection->Run(
      absl::StrCat("CREATE DATABASE IF NOT EXISTS `", target.schema, "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")));
  RETURN_IF_ERROR(CreateUser(*connection, target, !runtime.ca_file.empty()));
  RETURN_IF_ERROR(CreateUser(*connection, migrating, !migrator.ca_file.empty()));
  // In a grant on a schema, and only there, _ stands for any character.
  const std::string schema = absl::StrReplaceAll(target.schema, {{"_", "\\_"}});
  return connection->Run(
      absl::StrCat("GRANT ", kMigratorRights, " ON `", schema, "`.* TO ", Account(migrating), " WITH GRANT OPTION"));
}

absl::Status MigrateAs(const DatabaseOptions& migrator, const DatabaseOptions& runtime,
                       const std::vector<Migrations>& components) {
  ASSIGN_OR_RETURN(const ServerUrl target, ServerOf(runtime));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, ConnectAs(migrator, target.schema));
  RETURN_IF_ERROR(Migrate(*connection, components));
  return SetRights(*connection, runtime, target, components, /*revoke=*/false);
}

absl::Status RevokeUnneeded(const DatabaseOptions& migrator, const DatabaseOptions& runtime,
                            const std::vector<Migrations>& components) {
  ASSIGN_OR_RETURN(const ServerUrl target, ServerOf(runtime));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, ConnectAs(migrator, target.schema));
  return SetRights(*connection, runtime, target, components, /*revoke=*/true);
}

}  // namespace countersign::mysql
