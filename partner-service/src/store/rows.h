// What the stores of this service have in common: lists in the order of creation.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_ROWS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_ROWS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"

namespace countersign::partner {

// After which row a page of a list starts; by default before the first.
struct Position {
  absl::Time time = absl::UnixEpoch();
  Uuid id = {};
};

inline std::optional<absl::Time> OptionalTime(const mysql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Time(column);
}

// All rows of a SELECT, read outside any transaction. Errors: those of Database::Read.
inline absl::StatusOr<std::vector<mysql::Row>> ReadRows(mysql::Database& database, absl::Time deadline,
                                                        absl::string_view sql,
                                                        const std::vector<mysql::Parameter>& parameters) {
  std::vector<mysql::Row> rows;
  RETURN_IF_ERROR(database.Read(deadline, [&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rows, connection.Query(sql, parameters));
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_ROWS_H_
