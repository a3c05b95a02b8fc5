// Takes a migration file apart into statements. Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_MYSQL_SQL_SCRIPT_H_
#define COUNTERSIGN_COMMON_MYSQL_SQL_SCRIPT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace countersign::mysql {

// The statements of `script`, without their semicolons and without comments. A semicolon or comment sign inside quotes
// ('…', "…", `…`; quotes are doubled or escaped with a backslash) is text.
std::vector<std::string> SplitStatements(absl::string_view script);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SQL_SCRIPT_H_
