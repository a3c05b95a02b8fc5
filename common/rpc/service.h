// The parts that every service has, for its main.cc to put together:
//
//   absl::Status Serve(const Config& config) {
//     ASSIGN_OR_RETURN(const rpc::ServiceParts parts, rpc::OpenService(config.service, AllMigrations()));
//     const rpc::Endpoint endpoint(parts.MakeEndpointOptions(…));
//     … stores, clients, handlers, relay …
//     ASSIGN_OR_RETURN(const auto server, rpc::Server::Start(parts.server, {&handlers}, parts.probe));
//     relay->Start();
//     const absl::Status why = rpc::WaitUntilStopped(*server);
//     server->Shutdown();
//     relay->Stop();
//     parts.database->Close();
//     return why;
//   }
//
//   int main(int argc, char** argv) {
//     rpc::BlockStopSignals();
//     const Config config = ParseConfig(argc, argv);
//     if (!config.service.migrate.empty()) return rpc::ExitCode(rpc::MigrateService(config.service, AllMigrations()));
//     return rpc::ExitCode(Serve(config));
//   }
#ifndef COUNTERSIGN_COMMON_RPC_SERVICE_H_
#define COUNTERSIGN_COMMON_RPC_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/mysql/database.h"
#include "common/mysql/migrate.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/server.h"
#include "common/rpc/service_flags.h"

namespace countersign::rpc {

struct ServiceParts {
  std::string name;  // "order-service"
  std::unique_ptr<mysql::Database> database;
  std::unique_ptr<Clock> clock;
  std::unique_ptr<KeyRing> reply_keys;  // Of --reply_key_file.
  Credentials credentials;              // Also for the channels to peers.
  ServerOptions server;                 // With the credentials.
  std::unique_ptr<AccessControl> access;
  Probe probe;  // Verifies the schema once, then pings the database.

  // Valid as long as these parts. `verify_key` says whose a caller's API key is.
  EndpointOptions MakeEndpointOptions(KeyVerifier verify_key) const;
};

// Blocks SIGTERM and SIGINT in this thread and those it starts: first thing in main, before any thread exists.
void BlockStopSignals();

// Opens the database and verifies that its migrations are complete and unchanged. A database that is down is no error:
// the probe verifies later and the service is NOT_SERVING until then. Errors: those of mysql::VerifyMigrated, of
// KeyRing::ReadFile, of Credentials::Tls and of AccessControl::Open.
absl::StatusOr<ServiceParts> OpenService(const ServiceOptions& options,
                                         const std::vector<mysql::Migrations>& migrations);

// What --migrate does: mysql::MigrateAs; with --provision mysql::Provision goes before.
absl::Status MigrateService(const ServiceOptions& options, const std::vector<mysql::Migrations>& migrations);

// Returns OK at SIGTERM or SIGINT, or server.failure() when the server gave up.
absl::Status WaitUntilStopped(const Server& server);

// 0 when OK; else 1, and the error is logged.
int ExitCode(const absl::Status& status);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_SERVICE_H_
