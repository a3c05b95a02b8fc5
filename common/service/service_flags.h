// The flags that every service has. A service's own config.cc adds only its peers and its own settings.
#ifndef COUNTERSIGN_COMMON_SERVICE_SERVICE_FLAGS_H_
#define COUNTERSIGN_COMMON_SERVICE_SERVICE_FLAGS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/log.h"
#include "common/mysql/connection.h"
#include "common/rpc/server.h"

namespace countersign::service {

struct ServiceOptions {
  std::string name;                     // "order-service"
  std::string replica;                  // --replica; by default the host and the listen address.
  std::string migrate;                  // --migrate; empty = serve.
  std::string migration_password_file;  // --migration_password_file
  std::string provision;                // --provision; only with --migrate.
  bool revoke_unneeded = false;         // --revoke_unneeded; only with --migrate.
  mysql::DatabaseOptions database;      // --database, --database_password_file, --database_ca_file, --pool_size
  rpc::ServerOptions server;            // --listen, --max_threads, --drain_seconds
  rpc::TlsFiles tls;                    // --tls_cert_file, --tls_key_file, --tls_ca_file
  bool plaintext = false;               // --insecure_plaintext_loopback
  std::string access_policy_file;       // --access_policy_file; empty = the policy that is compiled in.
  absl::Duration clock_offset;          // --business_clock_offset_seconds
  bool sandbox_clock = false;           // --clock=sandbox
  Level log_level = Level::kInfo;       // --log_level
  std::string statement_log_file;       // --statement_log_file; usually empty.
  std::string reply_key_file;           // --reply_key_file; required to serve.
  absl::Duration audit_head_interval;   // --audit_head_interval
  std::string health_listen;            // --health_listen; empty = no such port.
  std::string metrics_listen;           // --metrics_listen; empty = no such port.
  std::string otlp_endpoint;            // --otlp_endpoint; empty = no spans.
};

// One service's defaults of the flags.
struct ServiceDefaults {
  absl::string_view name;      // "order-service"
  absl::string_view listen;    // "127.0.0.1:7102"
  absl::string_view database;  // "mysql://countersign_order@127.0.0.1:3306/countersign_order"
};

// Parses this program's flags (ParseFlags in common/base/flags.h, so a service's own flags too) and sets up logging.
// Ends the program with exit code 2 and a sentence on standard error when a flag does not make sense.
ServiceOptions ParseServiceFlags(int argc, char** argv, absl::string_view usage, const ServiceDefaults& defaults);

// For a flag that makes no sense: ends the program with exit code 2 and the sentence on standard error.
[[noreturn]] void RefuseFlag(const std::string& sentence);

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_SERVICE_FLAGS_H_
