// The rights of a service's user to a table's rows.
#ifndef COUNTERSIGN_COMMON_TESTING_RIGHTS_H_
#define COUNTERSIGN_COMMON_TESTING_RIGHTS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/mysql/errors.h"
#include "common/testing/test_database.h"

namespace countersign::testing {

// Beyond reading and adding rows: "DELETE", and "UPDATE a" for every column that may be updated. Each is tried.
inline std::vector<std::string> ChangesAllowed(TestDatabase& schema, absl::string_view table) {
  constexpr int kNoRightOnTable = 1142;
  constexpr int kNoRightOnColumn = 1143;
  const auto is_allowed = [&](const std::string& sql) {
    const absl::Status status = schema.database().Autocommit(
        TestDeadline(), [&](mysql::Connection& connection) { return connection.Run(sql); });
    const int error = mysql::ErrorNumberOf(status);
    EXPECT_TRUE(status.ok() || error == kNoRightOnTable || error == kNoRightOnColumn) << sql << ": " << status;
    return status.ok();
  };
  std::vector<std::string> allowed;
  if (is_allowed(absl::StrCat("DELETE FROM ", table, " WHERE 1 = 0"))) allowed.emplace_back("DELETE");
  const std::vector<mysql::Row> columns = schema.Query(
      "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY 1",
      {schema.schema(), table});
  EXPECT_FALSE(columns.empty()) << table;
  for (const mysql::Row& row : columns) {
    const std::string& column = row.Bytes(0);
    if (is_allowed(absl::StrCat("UPDATE ", table, " SET ", column, " = ", column, " WHERE 1 = 0"))) {
      allowed.push_back("UPDATE " + column);
    }
  }
  return allowed;
}

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_RIGHTS_H_
