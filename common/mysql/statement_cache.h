// The prepared statements of one session, owned and found by their text. Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_
#define COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/mysql/connector.h"

namespace countersign::mysql {

// Not thread-safe. Every statement is closed on the server when it leaves the cache: a dropped pointer would leak the
// server's handle, of which max_prepared_stmt_count (16,382) are shared by all sessions. What was not used for longest
// leaves first.
class StatementCache {
 public:
  // Of statements: texts are constants, so a session that serves every handler of a service stays well below this, but
  // for what callers' filters add (condition.h).
  static constexpr size_t kMaxStatements = 256;
  // Of the parameters of all: each costs the connector some 350 bytes, so that one session would keep 10 MB of what it
  // once sent for many rows.
  static constexpr size_t kMaxParameters = 8'192;

  explicit StatementCache(sql::Connection& connection) : connection_(connection) {}

  // The statement, prepared by one round trip the first time. Valid until the next call. Throws sql::SQLException.
  sql::PreparedStatement& Get(absl::string_view text) {
    if (const auto found = entries_.find(text); found != entries_.end()) {
      found->second.last_use = ++uses_;
      return *found->second.statement;
    }
    const auto parameters = static_cast<size_t>(std::count(text.begin(), text.end(), '?'));
    std::unique_ptr<sql::PreparedStatement> statement(connection_.prepareStatement(std::string(text)));
    while (!entries_.empty() && (entries_.size() >= kMaxStatements || parameters_ + parameters > kMaxParameters)) {
      const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
        return a.second.last_use < b.second.last_use;
      });
      parameters_ -= oldest->second.parameters;
      entries_.erase(oldest);
    }
    parameters_ += parameters;
    Entry& entry = entries_[std::string(text)];
    entry = {.statement = std::move(statement), .parameters = parameters, .last_use = ++uses_};
    return *entry.statement;
  }

  // Forgets the statement: after an error it is prepared anew.
  void Erase(absl::string_view text) {
    const auto found = entries_.find(text);
    if (found == entries_.end()) return;
    parameters_ -= found->second.parameters;
    entries_.erase(found);
  }

 private:
  struct Entry {
    std::unique_ptr<sql::PreparedStatement> statement;
    size_t parameters = 0;
    uint64_t last_use = 0;
  };

  sql::Connection& connection_;
  absl::flat_hash_map<std::string, Entry> entries_;
  size_t parameters_ = 0;  // Of all.
  uint64_t uses_ = 0;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_
