// Applies one migration file, and remembers how far it is. Internal to common/mysql.
//
// The server ends a transaction at every CREATE and ALTER, so a file is not one transaction. A runner that dies within
// a file leaves its mark in schema_migration_progress, and the next one goes on from there. The table is there only
// while migrations are being applied.
#ifndef COUNTERSIGN_COMMON_MYSQL_MIGRATION_FILE_H_
#define COUNTERSIGN_COMMON_MYSQL_MIGRATION_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "common/mysql/connection.h"
#include "common/mysql/migrate.h"

namespace countersign::mysql {

// Around the files of a run: the first before any, the second when all are applied.
absl::Status BeginProgress(Connection& connection);
absl::Status EndProgress(Connection& connection);

// Runs the file's statements, from where an earlier runner stopped, and records the file. A CREATE or ALTER that the
// earlier runner had begun is run again; where the server then says that it is done already, it was. An INSERT, UPDATE
// or DELETE is done once, with its mark in one transaction. So every ALTER of a migration must say the same when it is
// run twice, or be refused as done: no RENAME. Errors: FAILED_PRECONDITION MIGRATION_FAILED, or MIGRATION_CHANGED when
// a statement that an earlier runner began is another one now.
absl::Status ApplyFile(Connection& connection, const std::string& component, const MigrationFile& file);

// FAILED_PRECONDITION with `reason`: "Migration component/name: message".
absl::Status RefusedMigration(absl::string_view reason, absl::string_view message, absl::string_view component,
                              absl::string_view name);

std::string NameOf(const MigrationFile& file);
absl::string_view ContentsOf(const MigrationFile& file);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_MIGRATION_FILE_H_
