#include "common/mysql/statement_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/hex.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace countersign::mysql {
namespace {

using nlohmann::json;

// NULL, a number, or bytes in hexadecimal digits.
json ToJson(const Parameter& parameter) {
  if (const int64_t* number = parameter.number()) return *number;
  if (const std::optional<absl::string_view> bytes = parameter.bytes()) return absl::BytesToHexString(*bytes);
  return nullptr;
}

Parameter FromJson(const json& value) {
  if (value.is_number()) return Parameter(value.get<int64_t>());
  if (value.is_string()) return Parameter(HexToBytes(value.get<std::string>()));
  return Parameter(std::nullopt);
}

}  // namespace

std::string LineOf(const LoggedStatement& statement) {
  json bound = json::array();
  for (const Parameter& parameter : statement.parameters) bound.push_back(ToJson(parameter));
  const json line{{"t", statement.time_ns}, {"session", statement.session}, {"sql", statement.sql}, {"p", bound}};
  return line.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
}

absl::StatusOr<std::shared_ptr<StatementLog>> StatementLog::Open(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return absl::InternalError(absl::StrCat("statement log ", path, ": ", std::strerror(errno)));
  return std::shared_ptr<StatementLog>(new StatementLog(file));
}

StatementLog::~StatementLog() { close(file_); }

int64_t StatementLog::NewSession() { return ++sessions_; }

void StatementLog::Record(int64_t session, absl::string_view sql, const std::vector<Parameter>& parameters) {
  const int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  const std::string line = LineOf({now, session, std::string(sql), parameters});
  // In one piece, so that no line of another process or thread comes between. A full disk costs the line and no more.
  [[maybe_unused]] const ssize_t written = write(file_, line.data(), line.size());
}

absl::Status ForEachStatement(const std::string& path, absl::FunctionRef<void(LoggedStatement)> use) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("no statement log ", path));
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const json record = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (record.is_discarded()) {
      if (file.peek() == std::ifstream::traits_type::eof()) break;
      return absl::InvalidArgumentError(absl::StrCat(path, ": line ", number, " is no JSON object"));
    }
    LoggedStatement statement;
    statement.time_ns = record.at("t").get<int64_t>();
    statement.session = record.at("session").get<int64_t>();
    statement.sql = record.at("sql").get<std::string>();
    for (const json& value : record.at("p")) statement.parameters.push_back(FromJson(value));
    use(std::move(statement));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LoggedStatement>> ReadStatementLog(const std::string& path) {
  std::vector<LoggedStatement> statements;
  RETURN_IF_ERROR(
      ForEachStatement(path, [&](LoggedStatement statement) { statements.push_back(std::move(statement)); }));
  return statements;
}

}  // namespace countersign::mysql
