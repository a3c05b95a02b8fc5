// Which of a database's servers to try first: the one that took the last session, unless it has not answered since.
// Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_MYSQL_SERVER_CHOICE_H_
#define COUNTERSIGN_COMMON_MYSQL_SERVER_CHOICE_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/server_url.h"

namespace countersign::mysql {

// The same for all pools of the process that name the same servers. Thread-safe; 0 where nothing is known.
size_t PreferredServer(const std::vector<ServerUrl>& servers);

// `index` took a session: from now on it is tried first. Logs a change.
void PreferServer(const std::vector<ServerUrl>& servers, size_t index);

// `index` did not answer: from now on it is tried last.
void AvoidServer(const std::vector<ServerUrl>& servers, size_t index);

// No server took a session: for `pause`, or until one does, WhyNone says so. All who need the database at that moment
// would otherwise look for a primary at once, and again and again.
void RememberNone(const std::vector<ServerUrl>& servers, const absl::Status& why, absl::Duration pause);
absl::Status WhyNone(const std::vector<ServerUrl>& servers);  // OK: try them.

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SERVER_CHOICE_H_
