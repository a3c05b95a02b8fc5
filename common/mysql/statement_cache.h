// The prepared statements of one session, owned and found by their text. Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_
#define COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/mysql/connector.h"

namespace countersign::mysql {

// Not thread-safe. Every statement is closed on the server when it leaves the cache: a dropped pointer would leak the
// server's handle, of which max_prepared_stmt_count (16,382) are shared by all sessions.
class StatementCache {
 public:
  // Texts are constants, so a session that serves every handler of a service stays well below this; what callers'
  // filters add (condition.h) may fill it, and then it starts anew.
  static constexpr size_t kCapacity = 256;

  explicit StatementCache(sql::Connection& connection) : connection_(connection) {}

  // The statement, prepared by one round trip the first time. Throws sql::SQLException.
  sql::PreparedStatement& Get(absl::string_view text) {
    const auto found = statements_.find(text);
    if (found != statements_.end()) return *found->second;
    if (statements_.size() >= kCapacity) statements_.clear();
    std::unique_ptr<sql::PreparedStatement> statement(connection_.prepareStatement(std::string(text)));
    return *(statements_[std::string(text)] = std::move(statement));
  }

  // Forgets the statement: after an error it is prepared anew.
  void Erase(absl::string_view text) { statements_.erase(text); }

 private:
  sql::Connection& connection_;
  absl::flat_hash_map<std::string, std::unique_ptr<sql::PreparedStatement>> statements_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_
