// The condition that a caller's filter adds to a statement's WHERE.
#ifndef COUNTERSIGN_COMMON_MYSQL_CONDITION_H_
#define COUNTERSIGN_COMMON_MYSQL_CONDITION_H_

#include <string>
#include <vector>

#include "common/mysql/connection.h"

namespace countersign::mysql {

// `sql` is empty, or " AND (state = ? OR state = ?) AND create_time > ?": it follows a constant WHERE that binds the
// tenant, and what comes after it (ORDER BY, LIMIT) stays the store's. `parameters` are as many as its ?. Made of a
// store's own column names and bound values only (common/rpc/filter.h), never of a caller's text.
struct Condition {
  std::string sql;
  std::vector<Parameter> parameters;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_CONDITION_H_
