// Provision of migrate.h: schema, user and rights.
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/mysql/migrate.h"
#include "common/mysql/server_url.h"

namespace countersign::mysql {
namespace {

constexpr absl::string_view kListTables =
    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'";

// A MySQL user name has at most 32 characters.
constexpr size_t kLongestUser = 32;

absl::string_view RightsOn(absl::string_view table) {
  if (table == "events") return "SELECT, INSERT, UPDATE (position, seal)";
  if (table == "schema_migrations") return "SELECT";
  if (absl::StartsWith(table, "ledger_")) return "SELECT, INSERT";
  return "SELECT, INSERT, UPDATE, DELETE";
}

absl::Status CreateUser(Connection& connection, const ServerUrl& runtime, bool tls) {
  const std::string user = absl::StrCat(QuoteLiteral(runtime.user), "@'%'");
  const std::string password = QuoteLiteral(runtime.password);
  RETURN_IF_ERROR(connection.Run(absl::StrCat("CREATE USER IF NOT EXISTS ", user, " IDENTIFIED BY ", password)));
  // Where this program speaks TLS, nobody else may use the account without it.
  return connection.Run(
      absl::StrCat("ALTER USER ", user, " IDENTIFIED BY ", password, " REQUIRE ", tls ? "SSL" : "NONE"));
}

absl::Status GrantRights(Connection& connection, const ServerUrl& runtime) {
  ASSIGN_OR_RETURN(const std::vector<Row> tables, connection.Query(kListTables, {runtime.schema}));
  for (const Row& row : tables) {
    const std::string& table = row.Bytes(0);
    RETURN_IF_ERROR(connection.Run(absl::StrCat("GRANT ", RightsOn(table), " ON `", runtime.schema, "`.`", table,
                                                "` TO ", QuoteLiteral(runtime.user), "@'%'")));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Provision(const DatabaseOptions& admin, const DatabaseOptions& runtime,
                       const std::vector<Migrations>& components) {
  ASSIGN_OR_RETURN(const ServerUrl target, ServerOf(runtime));
  if (target.schema.empty() || target.user.size() > kLongestUser) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_DATABASE_URL",
                 "The database URL must name a schema and a user of at most 32 characters.");
  }
  DatabaseOptions options = admin;
  options.url = WithSchema(admin.url, "");
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connect(options));
  // One collation on every server, so that two servers never differ in what equals what.
  RETURN_IF_ERROR(connection->Run(
      absl::StrCat("CREATE DATABASE IF NOT EXISTS `", target.schema, "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")));
  RETURN_IF_ERROR(connection->Run(absl::StrCat("USE `", target.schema, "`")));
  RETURN_IF_ERROR(Migrate(*connection, components));
  RETURN_IF_ERROR(CreateUser(*connection, target, !runtime.ca_file.empty()));
  return GrantRights(*connection, target);
}

}  // namespace countersign::mysql
