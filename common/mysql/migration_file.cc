#include "common/mysql/migration_file.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/sql_script.h"

namespace countersign::mysql {
namespace {

// `done` statements of the file are applied. `begun`: the next one was sent, and may be applied as well. `sha256` is of
// the statements so far, that one included.
constexpr absl::string_view kCreateProgress =
    "CREATE TABLE IF NOT EXISTS schema_migration_progress ("
    "component VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, "
    "name VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, "
    "done INT NOT NULL, "
    "begun BOOLEAN NOT NULL, "
    "sha256 BINARY(32) NOT NULL, "
    "PRIMARY KEY (component, name))";
constexpr absl::string_view kDropProgress = "DROP TABLE IF EXISTS schema_migration_progress";
constexpr absl::string_view kReadProgress =
    "SELECT done, begun, sha256 FROM schema_migration_progress WHERE component = ? AND name = ?";
constexpr absl::string_view kMark =
    "REPLACE INTO schema_migration_progress (component, name, done, begun, sha256) VALUES (?, ?, ?, ?, ?)";
constexpr absl::string_view kForget = "DELETE FROM schema_migration_progress WHERE component = ? AND name = ?";
constexpr absl::string_view kRecord =
    "INSERT INTO schema_migrations (component, name, sha256, applied_time) VALUES (?, ?, ?, UTC_TIMESTAMP(6))";

// True for servers' errors of a CREATE, ALTER or DROP that was done before. Each is done as a whole or not at all.
bool IsDoneAlready(const absl::Status& status) {
  switch (ErrorNumberOf(status)) {
    case 1050:  // ER_TABLE_EXISTS_ERROR
    case 1051:  // ER_BAD_TABLE_ERROR: no such table to drop
    case 1060:  // ER_DUP_FIELDNAME
    case 1061:  // ER_DUP_KEYNAME
    case 1068:  // ER_MULTIPLE_PRI_KEY
    case 1091:  // ER_CANT_DROP_FIELD_OR_KEY
    case 1826:  // ER_DUP_CONSTRAINT_NAME (MariaDB)
    case 3822:  // ER_CHECK_CONSTRAINT_DUP_NAME (MySQL)
      return true;
    default:
      return false;
  }
}

bool ChangesRows(absl::string_view statement) {
  for (const absl::string_view verb : {"INSERT", "UPDATE", "DELETE", "REPLACE"}) {
    if (absl::StartsWithIgnoreCase(statement, verb)) return true;
  }
  return false;
}

// One file on its way.
class Application {
 public:
  Application(Connection& connection, const std::string& component, const MigrationFile& file)
      : connection_(connection),
        component_(component),
        file_(file),
        name_(NameOf(file)),
        statements_(SplitStatements(ContentsOf(file))) {}

  absl::Status Run() {
    RETURN_IF_ERROR(FindProgress());
    const size_t resumed = done_;
    for (; done_ < statements_.size(); ++done_) {
      const absl::Status status = ChangesRows(statements_[done_]) ? ChangeRows() : ChangeSchema(done_ == resumed);
      if (!status.ok()) return Failed(status);
    }
    return InTransaction([&]() -> absl::Status {
      RETURN_IF_ERROR(connection_.Execute(kRecord, {component_, name_, Sha256(ContentsOf(file_))}).status());
      return connection_.Execute(kForget, {component_, name_}).status();
    });
  }

 private:
  absl::Status FindProgress() {
    ASSIGN_OR_RETURN(const std::optional<Row> row, connection_.QueryOne(kReadProgress, {component_, name_}));
    if (!row.has_value()) return absl::OkStatus();
    done_ = static_cast<size_t>(row->Int(0));
    begun_ = row->Bool(1);
    const size_t known = done_ + (begun_ ? 1 : 0);
    if (known <= statements_.size() && row->Bytes(2) == HashOf(known)) return absl::OkStatus();
    return RefusedMigration("MIGRATION_CHANGED",
                            absl::StrCat("it was changed after ", known, " statements of it were applied."), component_,
                            name_);
  }

  absl::Status ChangeSchema(bool is_resumed) {
    const bool may_be_done = is_resumed && begun_;
    RETURN_IF_ERROR(Mark(done_, /*begun=*/true));
    absl::Status status = connection_.Run(statements_[done_]);
    if (status.ok() || (may_be_done && IsDoneAlready(status))) return absl::OkStatus();
    // The server refused it, so it is not done: the next runner must not take it for done.
    if (connection_.usable()) status.Update(Mark(done_, /*begun=*/false));
    return status;
  }

  absl::Status ChangeRows() {
    return InTransaction([&]() -> absl::Status {
      RETURN_IF_ERROR(connection_.Run(statements_[done_]));
      return Mark(done_ + 1, /*begun=*/false);
    });
  }

  template <typename Body>
  absl::Status InTransaction(Body body) {
    RETURN_IF_ERROR(connection_.Run("START TRANSACTION"));
    absl::Status status = body();
    if (status.ok()) return connection_.Run("COMMIT");
    (void)connection_.Run("ROLLBACK");  // Where it fails, the session ends, and with it the transaction.
    return status;
  }

  absl::Status Mark(size_t done, bool begun) {
    const std::string hash = HashOf(done + (begun ? 1 : 0));
    return connection_.Execute(kMark, {component_, name_, static_cast<int64_t>(done), begun, hash}).status();
  }

  std::string HashOf(size_t count) const {
    return Sha256(absl::StrJoin(statements_.begin(), statements_.begin() + static_cast<ptrdiff_t>(count), ";\n"));
  }

  absl::Status Failed(const absl::Status& status) const {
    return RefusedMigration(
        "MIGRATION_FAILED",
        absl::StrCat("statement ", done_ + 1, " failed: error ", ErrorNumberOf(status), ", ", ServerMessageOf(status)),
        component_, name_);
  }

  Connection& connection_;
  const std::string& component_;
  const MigrationFile& file_;
  const std::string name_;
  const std::vector<std::string> statements_;
  size_t done_ = 0;
  bool begun_ = false;
};

}  // namespace

// Debian 12's absl::string_view is a type of its own.
std::string NameOf(const MigrationFile& file) { return std::string(file.name); }
absl::string_view ContentsOf(const MigrationFile& file) { return {file.contents.data(), file.contents.size()}; }

absl::Status RefusedMigration(absl::string_view reason, absl::string_view message, absl::string_view component,
                              absl::string_view name) {
  return FailedPrecondition(reason, absl::StrCat("Migration ", component, "/", name, ": ", message),
                            {{"component", std::string(component)}, {"name", std::string(name)}});
}

absl::Status BeginProgress(Connection& connection) { return connection.Run(kCreateProgress); }
absl::Status EndProgress(Connection& connection) { return connection.Run(kDropProgress); }

absl::Status ApplyFile(Connection& connection, const std::string& component, const MigrationFile& file) {
  return Application(connection, component, file).Run();
}

}  // namespace countersign::mysql
