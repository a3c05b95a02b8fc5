// The commonest reads: one row by its key, and all rows of a SELECT.
#ifndef COUNTERSIGN_COMMON_MYSQL_READ_H_
#define COUNTERSIGN_COMMON_MYSQL_READ_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/mysql/database.h"

namespace countersign::mysql {

// At most one row, read outside any transaction; nullopt when there is none. Errors: those of Database::Read.
inline absl::StatusOr<std::optional<Row>> ReadOne(Database& database, absl::Time deadline, absl::string_view sql,
                                                  const std::vector<Parameter>& parameters) {
  std::optional<Row> row;
  RETURN_IF_ERROR(database.Read(deadline, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(row, connection.QueryOne(sql, parameters));
    return absl::OkStatus();
  }));
  return row;
}

// All rows, read outside any transaction. Errors: those of Database::Read.
inline absl::StatusOr<std::vector<Row>> ReadRows(Database& database, absl::Time deadline, absl::string_view sql,
                                                 const std::vector<Parameter>& parameters) {
  std::vector<Row> rows;
  RETURN_IF_ERROR(database.Read(deadline, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rows, connection.Query(sql, parameters));
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_READ_H_
