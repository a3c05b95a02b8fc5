#include "common/rpc/library_log.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"

namespace countersign::rpc {
namespace {

constexpr size_t kMaxTextBytes = 300;

void Write(Level level, absl::string_view library, absl::string_view file, int line, absl::string_view text) {
  const std::string source = absl::StrCat(file.substr(file.rfind('/') + 1), ":", line);
  LogSparingly(
      level, "library",
      {{"library", std::string(library)}, {"source", source}, {"text", std::string(text.substr(0, kMaxTextBytes))}});
}

void OfGrpc(gpr_log_func_args* said) {
  const Level level = said->severity == GPR_LOG_SEVERITY_ERROR  ? Level::kWarning
                      : said->severity == GPR_LOG_SEVERITY_INFO ? Level::kInfo
                                                                : Level::kDebug;
  Write(level, "grpc", said->file, said->line, said->message);
}

void OfProtobuf(google::protobuf::LogLevel severity, const char* file, int line, const std::string& text) {
  Write(severity >= google::protobuf::LOGLEVEL_FATAL ? Level::kError : Level::kWarning, "protobuf", file, line, text);
}

}  // namespace

void RouteLibraryLogs() {
  static const bool routed = [] {
    gpr_set_log_function(&OfGrpc);
    google::protobuf::SetLogHandler(&OfProtobuf);
    return true;
  }();
  (void)routed;
}

}  // namespace countersign::rpc
