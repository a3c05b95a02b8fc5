// Migrations: ordered files, each applied once, never changed afterwards.
#ifndef COUNTERSIGN_COMMON_MYSQL_MIGRATE_H_
#define COUNTERSIGN_COMMON_MYSQL_MIGRATE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/embedded_file.h"
#include "common/mysql/connection.h"

namespace countersign::mysql {

// One embedded file (countersign_embed makes them): "0001_orders.sql", four digits, and its statements, each ended by
// a semicolon. Comments are -- … and /* … */.
using MigrationFile = EmbeddedFile;

// The migrations of one component ("common", "order"), in order of their numbers:
// Migrations{"order", {kMigrations.begin(), kMigrations.end()}}.
struct Migrations {
  std::string component;
  std::vector<MigrationFile> files;
  // The tables whose rows a service only ever adds and reads (not those of other components): MigrateAs grants no more.
  std::vector<std::string> insert_only{};
  // The same, but rows are deleted once they are old.
  std::vector<std::string> expiring{};
  // The tables whose rows are updated and deleted. Of every other table rows are updated, and none is ever deleted.
  std::vector<std::string> deleted{};
  // The tables whose rows are never deleted and of which only the named columns are ever updated: {"notes", "a, b"}.
  std::map<std::string, std::string> updated_columns{};
};

// Applies what is missing, component by component, one runner at a time (GET_LOCK); records name and SHA-256 in
// schema_migrations. Errors: FAILED_PRECONDITION MIGRATION_CHANGED (an applied file's SHA-256 differs),
// MIGRATION_MISSING (an applied file is not in the list), MIGRATION_OUT_OF_ORDER (an unapplied file below an applied
// one), MIGRATION_FAILED (naming file and statement; the next run goes on there, as it does after a runner that died);
// INVALID_ARGUMENT INVALID_MIGRATION (a malformed list); UNAVAILABLE MIGRATION_BUSY (another runner, 2 minutes).
absl::Status Migrate(Connection& connection, const std::vector<Migrations>& components);

// OK when everything in the lists is applied and unchanged; else FAILED_PRECONDITION as above, or MIGRATION_PENDING. An
// applied file that is newer than the whole list is fine here: during a rolling update the older replicas go on.
absl::Status VerifyMigrated(Reader& reader, const std::vector<Migrations>& components);

// What `--provision` does, as `admin` (rights to create schemas and users): creates the schema of `runtime` and two
// users, each with the password of its options, and with TLS required of it where they have a ca_file:
//   the one that `runtime` names, which gets its rights from MigrateAs, and never more than DML;
//   the one that `migrator` names, which may change this schema, no other, and pass on what it may do there.
// Can be repeated at any time, which also changes the passwords. Errors: INVALID_ARGUMENT INVALID_DATABASE_URL, those
// of Connect, INTERNAL when `admin` may not do this.
absl::Status Provision(const DatabaseOptions& admin, const DatabaseOptions& migrator, const DatabaseOptions& runtime);

// What `--migrate` does, as `migrator`: migrates the schema of `runtime` and grants its user what it needs, table by
// table: of insert-only tables and those named ledger_… SELECT and INSERT, of expiring ones also DELETE, of those of
// updated_columns UPDATE of these columns; of schema_migrations SELECT; of all others SELECT, INSERT and UPDATE, and of
// those of deleted DELETE. What the user held before it keeps, for replicas of an earlier version may still need it.
// Can be repeated at any time. Errors: those of Migrate and Connect.
absl::Status MigrateAs(const DatabaseOptions& migrator, const DatabaseOptions& runtime,
                       const std::vector<Migrations>& components);

// What `--revoke_unneeded` does, as `migrator`, after MigrateAs with the same components: takes from the user of
// `runtime` what MigrateAs would not grant it. An earlier version that needs it then fails, until its own MigrateAs
// grants it again. Can be repeated at any time. Errors: those of Connect.
absl::Status RevokeUnneeded(const DatabaseOptions& migrator, const DatabaseOptions& runtime,
                            const std::vector<Migrations>& components);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_MIGRATE_H_
