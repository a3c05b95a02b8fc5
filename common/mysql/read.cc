#include "common/mysql/read.h"

namespace countersign::mysql {

absl::StatusOr<std::optional<Row>> ReadOne(Database& database, absl::Time deadline, absl::string_view sql,
                                           const std::vector<Parameter>& parameters) {
  std::optional<Row> row;
  RETURN_IF_ERROR(database.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(row, reader.QueryOne(sql, parameters));
    return absl::OkStatus();
  }));
  return row;
}

absl::StatusOr<std::vector<Row>> ReadRows(Database& database, absl::Time deadline, absl::string_view sql,
                                          const std::vector<Parameter>& parameters) {
  std::vector<Row> rows;
  RETURN_IF_ERROR(database.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(rows, reader.Query(sql, parameters));
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace countersign::mysql
