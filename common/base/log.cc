#include "common/base/log.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace countersign {
namespace {

struct Logging {
  Logging() { logger.set_pattern("%v"); }
  absl::Mutex mutex;
  std::string service ABSL_GUARDED_BY(mutex);
  // Of what is logged sparingly: the records of the second that began then, and those not written since the last one
  // that was.
  absl::Time second ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
  int written ABSL_GUARDED_BY(mutex) = 0;
  int64_t left_out ABSL_GUARDED_BY(mutex) = 0;
  spdlog::logger logger{"countersign", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

// Never destroyed, so that records of the last moments are written too.
Logging& Global() {
  static Logging* const logging = new Logging();
  return *logging;
}

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      break;
  }
  return spdlog::level::err;
}

const char* Name(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      break;
  }
  return "error";
}

std::string Service(Logging& logging) {
  absl::MutexLock lock(&logging.mutex);
  return logging.service;
}

std::string ToLine(Level level, const std::string& service, absl::string_view message, const LogFields& fields) {
  nlohmann::ordered_json record;
  record["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone());
  record["level"] = Name(level);
  record["service"] = service;
  record["message"] = std::string(message);
  for (const auto& [key, value] : fields) record.emplace(key, value);
  return record.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// Whether one more record may be written; then `left_out` is how many were not.
bool AdmitSparingly(Logging& logging, int64_t& left_out) {
  const absl::Time now = absl::Now();
  absl::MutexLock lock(&logging.mutex);
  if (now - logging.second >= absl::Seconds(1) || now < logging.second) {
    logging.second = now;
    logging.written = 0;
  }
  if (logging.written == kSparingRecordsPerSecond) {
    ++logging.left_out;
    return false;
  }
  ++logging.written;
  left_out = std::exchange(logging.left_out, 0);
  return true;
}

}  // namespace

void SetUpLogging(absl::string_view service, Level level) {
  Logging& logging = Global();
  absl::MutexLock lock(&logging.mutex);
  logging.service = std::string(service);
  logging.logger.set_level(ToSpdlog(level));
}

void Log(Level level, absl::string_view message, const LogFields& fields) noexcept {
  try {
    Logging& logging = Global();
    if (!logging.logger.should_log(ToSpdlog(level))) return;
    const std::string line = ToLine(level, Service(logging), message, fields);
    logging.logger.log(ToSpdlog(level), spdlog::string_view_t(line));
  } catch (...) {  // Out of memory: losing the record is better than losing the process.
  }
}

void LogSparingly(Level level, absl::string_view message, LogFields fields) noexcept {
  try {
    Logging& logging = Global();
    int64_t left_out = 0;
    if (!logging.logger.should_log(ToSpdlog(level)) || !AdmitSparingly(logging, left_out)) return;
    if (left_out > 0) fields.emplace_back("left_out", std::to_string(left_out));
    Log(level, message, fields);
  } catch (...) {  // As in Log.
  }
}

}  // namespace countersign
