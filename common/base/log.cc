#include "common/base/log.h"

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace countersign {
namespace {

using Json = nlohmann::ordered_json;

struct Logging {
  Logging() { logger.set_pattern("%v"); }
  absl::Mutex mutex;
  std::string service ABSL_GUARDED_BY(mutex);
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
  Json record;
  record["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone());
  record["level"] = Name(level);
  record["service"] = service;
  record["message"] = std::string(message);
  for (const auto& [key, value] : fields) record.emplace(key, value);
  return record.dump(-1, ' ', false, Json::error_handler_t::replace);
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

}  // namespace countersign
