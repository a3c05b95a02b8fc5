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
  // About twice what the busiest handlers of a service send. A statement costs the connector some 15 KiB, and a service
  // has 16 sessions.
  static constexpr size_t kMaxStatements = 96;
  // A statement with more parameters is for many rows, and there is one for each number of rows. A parameter costs the
  // connector some 350 bytes, so those of all such statements are limited too: a transaction of the billing run has
  // 8,000 of them, and each of its statements would be prepared anew where they are not all kept.
  static constexpr size_t kManyParameters = 64;
  static constexpr size_t kMaxParametersOfLarge = 16'384;

  explicit StatementCache(sql::Connection& connection) : connection_(connection) {}

  // The statement, prepared by one round trip the first time. Valid until the next call. Throws sql::SQLException.
  sql::PreparedStatement& Get(absl::string_view text) {
    if (const auto found = entries_.find(text); found != entries_.end()) {
      found->second.last_use = ++uses_;
      return *found->second.statement;
    }
    const auto parameters = static_cast<size_t>(std::count(text.begin(), text.end(), '?'));
    std::unique_ptr<sql::PreparedStatement> statement(connection_.prepareStatement(std::string(text)));
    if (entries_.size() >= kMaxStatements) EraseOldest([](const Entry&) { return true; });
    if (parameters > kManyParameters) {
      while (parameters_of_large_ > 0 && parameters_of_large_ + parameters > kMaxParametersOfLarge) {
        EraseOldest([](const Entry& entry) { return entry.parameters > kManyParameters; });
      }
      parameters_of_large_ += parameters;
    }
    Entry& entry = entries_[std::string(text)];
    entry = {.statement = std::move(statement), .parameters = parameters, .last_use = ++uses_};
    return *entry.statement;
  }

  // Forgets the statement: after an error it is prepared anew.
  void Erase(absl::string_view text) {
    const auto found = entries_.find(text);
    if (found != entries_.end()) EraseAt(found);
  }

 private:
  struct Entry {
    std::unique_ptr<sql::PreparedStatement> statement;
    size_t parameters = 0;
    uint64_t last_use = 0;
  };
  using Entries = absl::flat_hash_map<std::string, Entry>;

  void EraseAt(Entries::iterator at) {
    if (at->second.parameters > kManyParameters) parameters_of_large_ -= at->second.parameters;
    entries_.erase(at);
  }

  // Of those that the predicate holds for, of which there is one.
  template <typename Predicate>
  void EraseOldest(const Predicate& predicate) {
    auto oldest = entries_.end();
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (!predicate(entry->second)) continue;
      if (oldest == entries_.end() || entry->second.last_use < oldest->second.last_use) oldest = entry;
    }
    EraseAt(oldest);
  }

  sql::Connection& connection_;
  Entries entries_;
  size_t parameters_of_large_ = 0;
  uint64_t uses_ = 0;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_STATEMENT_CACHE_H_
