// Structured logging: one JSON object per line on standard error, on spdlog.
#ifndef COUNTERSIGN_COMMON_BASE_LOG_H_
#define COUNTERSIGN_COMMON_BASE_LOG_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace countersign {

enum class Level { kDebug, kInfo, kWarning, kError };

// Named values of one record, in the order given. A name that the record already has is ignored.
using LogFields = std::vector<std::pair<std::string, std::string>>;

// Sets the service that every record names and the lowest level that is written. Before the first call the service is
// empty and the level kInfo.
void SetUpLogging(absl::string_view service, Level level);

// Writes {"time": real time in RFC 3339 UTC, "level": …, "service": …, "message": …, fields…} as one line. Bytes that
// are not UTF-8 are replaced. Safe to call from any thread; never throws. Never pass a secret or personal data.
void Log(Level level, absl::string_view message, const LogFields& fields = {}) noexcept;

inline constexpr int kSparingRecordsPerSecond = 20;

// Like Log, for what somebody can cause as often as it likes, a stranger or one who calls too often: at most
// kSparingRecordsPerSecond of these are written in any second, and the next one says in "left_out" how many were not.
void LogSparingly(Level level, absl::string_view message, LogFields fields = {}) noexcept;

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_LOG_H_
