#include "common/mysql/server_url.h"

#include <arpa/inet.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::mysql {
namespace {

constexpr absl::string_view kScheme = "mysql://";

absl::Status BadUrl(absl::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_DATABASE_URL",
               absl::StrCat("The database URL must be mysql://user:password@host:port/schema: ", what));
}

absl::StatusOr<std::string> PercentDecoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    int byte = 0;
    if (i + 2 >= text.size() || !absl::SimpleHexAtoi(text.substr(i + 1, 2), &byte)) {
      return BadUrl("% must be followed by two hexadecimal digits");
    }
    decoded.push_back(static_cast<char>(byte));
    i += 2;
  }
  return decoded;
}

absl::Status ParseHost(absl::string_view text, ServerUrl& server) {
  if (absl::ConsumePrefix(&text, "[")) {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) return BadUrl("the bracket of the host is not closed");
    server.host = std::string(text.substr(0, end));
    text.remove_prefix(end + 1);
  } else {
    const size_t end = std::min(text.find(':'), text.size());
    server.host = std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (server.host.empty()) return BadUrl("the host is missing");
  if (text.empty()) return absl::OkStatus();
  if (!absl::ConsumePrefix(&text, ":") || !absl::SimpleAtoi(text, &server.port) || server.port < 1 ||
      server.port > 65535) {
    return BadUrl("the port must be 1 to 65535");
  }
  return absl::OkStatus();
}

bool IsLoopback(const std::string& host) {
  in_addr v4;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6;
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return absl::EqualsIgnoreCase(host, "localhost");
}

bool IsPlainName(absl::string_view name) {
  for (const char c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  }
  return name.size() <= 64;
}

}  // namespace

absl::StatusOr<std::vector<ServerUrl>> ParseServerUrls(absl::string_view url) {
  ServerUrl server;
  if (!absl::ConsumePrefix(&url, kScheme)) return BadUrl("it does not begin with mysql://");
  const size_t slash = url.find('/');
  if (slash != absl::string_view::npos) {
    server.schema = std::string(url.substr(slash + 1));
    if (!IsPlainName(server.schema)) return BadUrl("the schema must be at most 64 letters, digits and _");
    url = url.substr(0, slash);
  }
  const size_t at = url.rfind('@');
  if (at == absl::string_view::npos) return BadUrl("the user is missing");
  const absl::string_view login = url.substr(0, at);
  const size_t colon = std::min(login.find(':'), login.size());
  ASSIGN_OR_RETURN(server.user, PercentDecoded(login.substr(0, colon)));
  if (server.user.empty()) return BadUrl("the user is missing");
  if (colon < login.size()) {
    ASSIGN_OR_RETURN(server.password, PercentDecoded(login.substr(colon + 1)));
  }
  std::vector<ServerUrl> servers;
  for (const absl::string_view host : absl::StrSplit(url.substr(at + 1), ',')) {
    servers.push_back(server);
    RETURN_IF_ERROR(ParseHost(host, servers.back()));
  }
  return servers;
}

absl::StatusOr<ServerUrl> ParseServerUrl(absl::string_view url) {
  ASSIGN_OR_RETURN(std::vector<ServerUrl> servers, ParseServerUrls(url));
  return std::move(servers.front());
}

absl::StatusOr<std::vector<ServerUrl>> ServersOf(const DatabaseOptions& options) {
  ASSIGN_OR_RETURN(std::vector<ServerUrl> servers, ParseServerUrls(options.url));
  if (options.password_file.empty()) return servers;
  std::ifstream file(options.password_file);
  std::string password;
  if (!std::getline(file, password)) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_PASSWORD_FILE",
                 absl::StrCat("The password file ", options.password_file, " cannot be read, or is empty."));
  }
  while (absl::EndsWith(password, "\r")) password.pop_back();
  for (ServerUrl& server : servers) server.password = password;
  return servers;
}

absl::StatusOr<ServerUrl> ServerOf(const DatabaseOptions& options) {
  ASSIGN_OR_RETURN(std::vector<ServerUrl> servers, ServersOf(options));
  return std::move(servers.front());
}

absl::Status RequireTlsUnlessLoopback(const ServerUrl& server, const DatabaseOptions& options) {
  if (!options.ca_file.empty() || IsLoopback(server.host)) return absl::OkStatus();
  return FailedPrecondition("DATABASE_TLS_REQUIRED",
                            absl::StrCat("The database server ", server.host,
                                         " is not on this machine, so the session must be encrypted: "
                                         "--database_ca_file must name the CA that signed its certificate."),
                            {{"host", server.host}});
}

std::string WithSchema(absl::string_view url, absl::string_view schema) {
  const size_t slash = url.find('/', absl::StartsWith(url, kScheme) ? kScheme.size() : 0);
  const absl::string_view server = url.substr(0, slash);
  return schema.empty() ? std::string(server) : absl::StrCat(server, "/", schema);
}

std::string QuoteLiteral(absl::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted.push_back('\\');
    if (c == '\0') {
      quoted.append("\\0");
    } else {
      quoted.push_back(c);
    }
  }
  quoted.push_back('\'');
  return quoted;
}

}  // namespace countersign::mysql
