#include "common/service/service_flags.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/flags.h"
#include "common/events/owner.h"
#include "common/events/relay.h"
#include "common/rpc/library_log.h"

ABSL_FLAG(std::string, listen, "", "host:port to serve gRPC on; port 0 takes any free one.");
ABSL_FLAG(
    std::string, tls_cert_file, "",
    "PEM file of this service's certificate: spiffe://countersign/service/NAME, and the DNS name NAME. This file, "
    "the key and the authorities are read again when they change.");
ABSL_FLAG(std::string, tls_key_file, "", "PEM file of the certificate's private key.");
ABSL_FLAG(std::string, tls_ca_file, "", "PEM file of the authorities whose certificates are trusted; no others are.");
ABSL_FLAG(
    std::string, access_policy_file, "",
    "Who may call what, and how often, instead of the policy that is compiled in (config/access.policy); read again "
    "when it changes, and refused whole when it does not parse.");
ABSL_FLAG(bool, insecure_plaintext_loopback, false,
          "No TLS: believe without proof what callers say of themselves, and let everybody on this machine read along. "
          "For tests; any address but loopback is refused.");
ABSL_FLAG(
    std::string, database, "",
    "The service's schema: mysql://user@host:port/schema. Several servers of one database, of which one takes "
    "writes: mysql://user@host1:port1,host2:port2/schema; the one that does is found, and found again when it moves.");
ABSL_FLAG(std::string, database_password_file, "", "A file whose first line is the database user's password.");
ABSL_FLAG(std::string, database_ca_file, "",
          "PEM file of the CA that signed the database server's certificate. When set, TLS is required; it must be set "
          "unless the server is on loopback.");
ABSL_FLAG(std::string, migrate, "",
          "Do not serve: as this user (mysql://user@host:port) apply the migrations to the schema of --database, grant "
          "its user what it needs by table, and exit.");
ABSL_FLAG(std::string, migration_password_file, "", "A file whose first line is the password of --migrate's user.");
ABSL_FLAG(std::string, provision, "",
          "With --migrate: before it, as this administrator (mysql://root@host:port), create the schema and user of "
          "--database and the user of --migrate, who may change that schema and nothing else.");
ABSL_FLAG(
    bool, revoke_unneeded, false,
    "With --migrate: after it, take from the user of --database the rights that only earlier versions needed. For "
    "when no replica of an earlier version runs any more.");
ABSL_FLAG(int32_t, pool_size, 16, "Sessions with the database, at most.");
ABSL_FLAG(int32_t, max_threads, 256,
          "Calls that are worked on at a time. A caller with an API key has a thirty-second; its further calls wait a "
          "second at most, and then, or where too many wait, get RESOURCE_EXHAUSTED.");
ABSL_FLAG(int64_t, business_clock_offset_seconds, 0, "Added to the real time to get the business time.");
ABSL_FLAG(std::string, clock, "system",
          "system, or sandbox: operators may advance the business clock (ClockService). A sandbox is a service whose "
          "business clock is not the real one, so sandbox is refused without --business_clock_offset_seconds.");
ABSL_FLAG(std::string, replica, "",
          "This replica's name, the same when it is started again and no other replica's: 1 to 112 printable ASCII "
          "characters without '#'. Default: the host's name and --listen.");
ABSL_FLAG(std::string, log_level, "info", "The lowest level that is logged: debug, info, warning or error.");
ABSL_FLAG(double, drain_seconds, 0, "How long to go on serving after health says NOT_SERVING, at shutdown.");
ABSL_FLAG(std::string, statement_log_file, "",
          "For benchmarks: every SQL statement with its values is appended to this file. Never in production.");
ABSL_FLAG(std::string, reply_key_file, "",
          "Required. Keys that seal page tokens, positions and stored replies with a secret, hash the requests that "
          "were answered, and authenticate events, the same for every replica: lines of key_id:64 hexadecimal digits, "
          "the current one first. To rotate, add the new key to every replica's file, then put it first. Keep the old "
          "one: without it VerifyAuditChain does not know the events that were made with it.");
ABSL_FLAG(
    absl::Duration, audit_head_interval, countersign::events::RelayOptions().audit_head_interval,
    "How often the ends of the audit log that have moved are logged, as \"audit head\" at level info: kept where the "
    "logs go, they show a tail that was cut off.");
ABSL_FLAG(
    std::string, health_listen, "",
    "IP address and port of the plaintext port for probes: /live is 200 while the process runs, /ready only while "
    "it serves, and else says why not. With it, a process that cannot serve yet stays and tries again every "
    "second. Empty: no such port, and such a process ends.");
ABSL_FLAG(std::string, metrics_listen, "",
          "IP address and port of the plaintext port for Prometheus: /metrics. Empty: no such port.");
ABSL_FLAG(
    std::string, otlp_endpoint, "",
    "Where spans go, by OTLP over HTTP: http://collector:4318/v1/traces. One span for each call that is served or "
    "made, with the method, the times and the code, and nothing of what was sent. Empty: no spans.");

namespace countersign::service {
namespace {

constexpr double kMaxDrainSeconds = 600;
constexpr absl::Duration kMinAuditHeadInterval = absl::Seconds(1);
constexpr absl::Duration kMaxAuditHeadInterval = absl::Hours(24);

std::optional<Level> ParseLevel(absl::string_view text) {
  if (text == "debug") return Level::kDebug;
  if (text == "info") return Level::kInfo;
  if (text == "warning") return Level::kWarning;
  if (text == "error") return Level::kError;
  return std::nullopt;
}

// A service that serves either proves who it is, or says clearly that it does not.
void RequireTransport(const ServiceOptions& options) {
  if (!options.migrate.empty()) return;
  const rpc::TlsFiles& tls = options.tls;
  const bool has_all = !tls.cert_file.empty() && !tls.key_file.empty() && !tls.ca_file.empty();
  const bool has_none = tls.cert_file.empty() && tls.key_file.empty() && tls.ca_file.empty();
  if (options.plaintext ? !has_none : !has_all) {
    RefuseFlag("--tls_cert_file, --tls_key_file and --tls_ca_file are required, or else --insecure_plaintext_loopback");
  }
}

int RequireRange(const char* flag, int32_t value, int min, int max) {
  if (value < min || value > max) RefuseFlag(absl::StrCat("--", flag, " must be ", min, " to ", max));
  return value;
}

}  // namespace

ServiceOptions ParseServiceFlags(int argc, char** argv, absl::string_view usage, const ServiceDefaults& defaults) {
  absl::SetFlag(&FLAGS_listen, std::string(defaults.listen));
  absl::SetFlag(&FLAGS_database, std::string(defaults.database));
  if (!ParseFlags(argc, argv, usage).empty()) RefuseFlag("Only flags are understood; see --help.");

  ServiceOptions options;
  options.name = std::string(defaults.name);
  options.server.listen = absl::GetFlag(FLAGS_listen);
  options.server.max_threads = RequireRange("max_threads", absl::GetFlag(FLAGS_max_threads), 4, 10'000);
  const double drain_seconds = absl::GetFlag(FLAGS_drain_seconds);
  if (!(drain_seconds >= 0 && drain_seconds <= kMaxDrainSeconds)) RefuseFlag("--drain_seconds must be 0 to 600");
  options.server.drain = absl::Seconds(drain_seconds);
  options.replica = absl::GetFlag(FLAGS_replica).empty() ? events::DefaultReplicaName(options.server.listen)
                                                         : absl::GetFlag(FLAGS_replica);
  if (!events::IsReplicaName(options.replica)) {
    RefuseFlag(absl::StrCat("--replica must be 1 to ", events::kMaxReplicaName,
                            " printable ASCII characters without '#' and blanks"));
  }
  options.migrate = absl::GetFlag(FLAGS_migrate);
  options.migration_password_file = absl::GetFlag(FLAGS_migration_password_file);
  options.provision = absl::GetFlag(FLAGS_provision);
  if (!options.provision.empty() && options.migrate.empty()) {
    RefuseFlag("--provision needs --migrate, which names the user that migrates");
  }
  options.revoke_unneeded = absl::GetFlag(FLAGS_revoke_unneeded);
  if (options.revoke_unneeded && options.migrate.empty()) {
    RefuseFlag("--revoke_unneeded needs --migrate, which names the user that migrates");
  }
  options.database.url = absl::GetFlag(FLAGS_database);
  options.database.password_file = absl::GetFlag(FLAGS_database_password_file);
  options.database.ca_file = absl::GetFlag(FLAGS_database_ca_file);
  options.database.pool_size = RequireRange("pool_size", absl::GetFlag(FLAGS_pool_size), 1, 1'000);
  options.tls = {absl::GetFlag(FLAGS_tls_cert_file), absl::GetFlag(FLAGS_tls_key_file),
                 absl::GetFlag(FLAGS_tls_ca_file)};
  options.plaintext = absl::GetFlag(FLAGS_insecure_plaintext_loopback);
  RequireTransport(options);
  options.access_policy_file = absl::GetFlag(FLAGS_access_policy_file);
  options.clock_offset = absl::Seconds(absl::GetFlag(FLAGS_business_clock_offset_seconds));
  const std::string clock = absl::GetFlag(FLAGS_clock);
  if (clock != "system" && clock != "sandbox") RefuseFlag("--clock must be system or sandbox");
  options.sandbox_clock = clock == "sandbox";
  if (options.sandbox_clock && options.clock_offset == absl::ZeroDuration()) {
    RefuseFlag("--clock=sandbox needs --business_clock_offset_seconds: what runs on real time is no sandbox");
  }
  options.statement_log_file = absl::GetFlag(FLAGS_statement_log_file);
  options.reply_key_file = absl::GetFlag(FLAGS_reply_key_file);
  if (options.migrate.empty() && options.reply_key_file.empty()) RefuseFlag("--reply_key_file is required");
  options.audit_head_interval = absl::GetFlag(FLAGS_audit_head_interval);
  if (options.audit_head_interval < kMinAuditHeadInterval || options.audit_head_interval > kMaxAuditHeadInterval) {
    RefuseFlag("--audit_head_interval must be 1s to 24h");
  }
  options.health_listen = absl::GetFlag(FLAGS_health_listen);
  options.metrics_listen = absl::GetFlag(FLAGS_metrics_listen);
  options.otlp_endpoint = absl::GetFlag(FLAGS_otlp_endpoint);
  if (!options.otlp_endpoint.empty() && !absl::StartsWith(options.otlp_endpoint, "http://") &&
      !absl::StartsWith(options.otlp_endpoint, "https://")) {
    RefuseFlag("--otlp_endpoint must be a URL: http://collector:4318/v1/traces");
  }
  const std::optional<Level> level = ParseLevel(absl::GetFlag(FLAGS_log_level));
  if (!level.has_value()) RefuseFlag("--log_level must be debug, info, warning or error");
  options.log_level = *level;
  SetUpLogging(options.name, options.log_level);
  rpc::RouteLibraryLogs();
  return options;
}

[[noreturn]] void RefuseFlag(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  std::exit(2);
}

}  // namespace countersign::service
