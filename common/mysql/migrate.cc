#include "common/mysql/migrate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/migration_file.h"

namespace countersign::mysql {
namespace {

constexpr absl::string_view kCreateHistory =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "component VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, "
    "name VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, "
    "sha256 BINARY(32) NOT NULL, "
    "applied_time DATETIME(6) NOT NULL, "
    "PRIMARY KEY (component, name))";
constexpr absl::string_view kReadHistory = "SELECT component, name, sha256 FROM schema_migrations";
constexpr absl::string_view kCurrentSchema = "SELECT DATABASE()";
constexpr absl::string_view kGetLock = "SELECT GET_LOCK(?, ?)";
constexpr absl::string_view kReleaseLock = "SELECT RELEASE_LOCK(?)";

// One wait stays below the read timeout of a session (30 s).
constexpr int kLockWaitSeconds = 10;
constexpr int kLockWaits = 12;

constexpr int kNoSuchTable = 1146;

// name → SHA-256 of the files that are applied, by component.
using History = std::map<std::string, std::map<std::string, std::string>>;

absl::StatusOr<History> ReadHistory(Reader& reader) {
  absl::StatusOr<std::vector<Row>> rows = reader.Query(kReadHistory, {});
  if (!rows.ok() && ErrorNumberOf(rows.status()) == kNoSuchTable) return History();
  RETURN_IF_ERROR(rows.status());
  History history;
  for (const Row& row : *rows) history[row.Bytes(0)][row.Bytes(1)] = row.Bytes(2);
  return history;
}

absl::Status CheckList(const Migrations& migrations) {
  std::string last;
  for (const MigrationFile& file : migrations.files) {
    const std::string name = NameOf(file);
    const bool numbered = name.size() > 9 && std::all_of(name.begin(), name.begin() + 4, absl::ascii_isdigit) &&
                          name[4] == '_' && absl::EndsWith(name, ".sql");
    if (!numbered || name.substr(0, 4) <= last) {
      return Error(absl::StatusCode::kInvalidArgument, "INVALID_MIGRATION",
                   absl::StrCat("Migration ", migrations.component, "/", name,
                                " must be named 0001_name.sql, with a number of its own above the one before."));
    }
    last = name.substr(0, 4);
  }
  return absl::OkStatus();
}

// Compares the list with the history; `newer_is_fine`: applied files above the whole list are ignored. On OK the
// unapplied files are the list's tail, returned.
absl::StatusOr<std::vector<MigrationFile>> PendingOf(const Migrations& migrations, const History& history,
                                                     bool newer_is_fine) {
  RETURN_IF_ERROR(CheckList(migrations));
  const auto found = history.find(migrations.component);
  std::map<std::string, std::string> applied;
  if (found != history.end()) applied = found->second;
  std::vector<MigrationFile> pending;
  for (const MigrationFile& file : migrations.files) {
    const auto record = applied.find(NameOf(file));
    if (record == applied.end()) {
      pending.push_back(file);
      continue;
    }
    if (record->second != Sha256(ContentsOf(file))) {
      return RefusedMigration("MIGRATION_CHANGED", "it was changed after it had been applied.", migrations.component,
                              NameOf(file));
    }
    if (!pending.empty()) {
      return RefusedMigration("MIGRATION_OUT_OF_ORDER",
                              absl::StrCat("it is not applied, but ", NameOf(file), ", a later one, is."),
                              migrations.component, NameOf(pending.front()));
    }
    applied.erase(record);
  }
  for (const auto& [name, sha256] : applied) {
    if (newer_is_fine && pending.empty() && (migrations.files.empty() || name > NameOf(migrations.files.back())))
      continue;
    return RefusedMigration("MIGRATION_MISSING", "it has been applied, but this program does not know it.",
                            migrations.component, name);
  }
  return pending;
}

absl::Status MigrateLocked(Connection& connection, const std::vector<Migrations>& components) {
  RETURN_IF_ERROR(connection.Run(kCreateHistory));
  ASSIGN_OR_RETURN(const History history, ReadHistory(connection));
  std::vector<std::pair<std::string, MigrationFile>> pending;  // Everything is checked before anything is applied.
  for (const Migrations& migrations : components) {
    ASSIGN_OR_RETURN(const std::vector<MigrationFile> files, PendingOf(migrations, history, /*newer_is_fine=*/false));
    for (const MigrationFile& file : files) pending.emplace_back(migrations.component, file);
  }
  if (!pending.empty()) RETURN_IF_ERROR(BeginProgress(connection));
  for (const auto& [component, file] : pending) RETURN_IF_ERROR(ApplyFile(connection, component, file));
  return EndProgress(connection);
}

// The name of the lock: locks are the server's, not the schema's, and a name has at most 64 characters.
absl::StatusOr<std::string> LockName(Connection& connection) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, connection.QueryOne(kCurrentSchema, {}));
  if (!row.has_value() || row->IsNull(0)) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_DATABASE_URL", "The database URL names no schema.");
  }
  return absl::StrCat("countersign_migrate_", absl::BytesToHexString(Sha256(row->Bytes(0)).substr(0, 16)));
}

absl::Status Lock(Connection& connection, const std::string& name) {
  for (int wait = 0; wait < kLockWaits; ++wait) {
    ASSIGN_OR_RETURN(const std::optional<Row> row, connection.QueryOne(kGetLock, {name, kLockWaitSeconds}));
    if (row.has_value() && row->Int(0) == 1) return absl::OkStatus();
  }
  return Error(absl::StatusCode::kUnavailable, "MIGRATION_BUSY", "Another process is migrating this schema.");
}

}  // namespace

absl::Status Migrate(Connection& connection, const std::vector<Migrations>& components) {
  ASSIGN_OR_RETURN(const std::string lock, LockName(connection));
  RETURN_IF_ERROR(Lock(connection, lock));
  const absl::Status status = MigrateLocked(connection, components);
  const absl::Status released = connection.Query(kReleaseLock, {lock}).status();
  return status.ok() ? released : status;
}

absl::Status VerifyMigrated(Reader& reader, const std::vector<Migrations>& components) {
  ASSIGN_OR_RETURN(const History history, ReadHistory(reader));
  for (const Migrations& migrations : components) {
    ASSIGN_OR_RETURN(const std::vector<MigrationFile> pending, PendingOf(migrations, history, /*newer_is_fine=*/true));
    if (pending.empty()) continue;
    return RefusedMigration("MIGRATION_PENDING", "it is not applied yet; run with --migrate first.",
                            migrations.component, NameOf(pending.front()));
  }
  return absl::OkStatus();
}

}  // namespace countersign::mysql
