// mysql://user:password@host:port/schema, taken apart. Several servers of one database:
// …@host1:port1,host2:port2/schema.
#ifndef COUNTERSIGN_COMMON_MYSQL_SERVER_URL_H_
#define COUNTERSIGN_COMMON_MYSQL_SERVER_URL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/mysql/connection.h"

namespace countersign::mysql {

struct ServerUrl {
  std::string user;
  std::string password;
  std::string host;
  int port = 3306;
  std::string schema;  // May be empty; else [A-Za-z0-9_]{1,64}, so it needs no quoting.
};

// The URL's servers, in its order; at least one. User and password may be percent-encoded; a host in brackets is an
// IPv6 address. Error: INVALID_ARGUMENT, which never repeats the URL, because it may hold a password.
absl::StatusOr<std::vector<ServerUrl>> ParseServerUrls(absl::string_view url);

// The first of them.
absl::StatusOr<ServerUrl> ParseServerUrl(absl::string_view url);

// The options' URL, with the password of password_file where that is given. Errors: INVALID_ARGUMENT.
absl::StatusOr<std::vector<ServerUrl>> ServersOf(const DatabaseOptions& options);
absl::StatusOr<ServerUrl> ServerOf(const DatabaseOptions& options);  // The first of them.

// OK when what crosses the wire is safe: `options` demand TLS (ca_file), or the server is on this machine (localhost,
// 127.0.0.0/8, ::1). Error: FAILED_PRECONDITION DATABASE_TLS_REQUIRED, naming --database_ca_file.
absl::Status RequireTlsUnlessLoopback(const ServerUrl& server, const DatabaseOptions& options);

// `url` with its schema replaced (removed when empty).
std::string WithSchema(absl::string_view url, absl::string_view schema);

// 'text' as a string literal, under any sql_mode that has no NO_BACKSLASH_ESCAPES (sessions set theirs).
std::string QuoteLiteral(absl::string_view text);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SERVER_URL_H_
