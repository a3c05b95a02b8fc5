// The parts that every service has, for its main.cc to put together:
//
//   absl::Status Serve(const Config& config) {
//     ASSIGN_OR_RETURN(const service::ServiceParts parts, service::OpenService(config.service, AllMigrations()));
//     ASSIGN_OR_RETURN(const auto channel, parts.Connect("owner-service", config.owner_service));
//     const auto owners = MakeOwnerClient(channel);
//     Notes notes(parts.MakeEndpointOptions(…), {*parts.database, *parts.committer, *parts.clock, *owners});
//     service::ServiceLog log(parts, notes.endpoint(), notes.consumers(), notes.tasks());
//     return service::ServeUntilStopped(parts, notes.services(), log);
//   }
//
//   int main(int argc, char** argv) { return service::RunMain(argc, argv, ParseConfig, AllMigrations, Serve); }
#ifndef COUNTERSIGN_COMMON_SERVICE_SERVICE_H_
#define COUNTERSIGN_COMMON_SERVICE_SERVICE_H_

#include <signal.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/event_api/audit_service.h"
#include "common/event_api/delivery_service.h"
#include "common/event_api/event_service.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/mysql/migrate.h"
#include "common/rpc/channel.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/server.h"
#include "common/service/clock_service.h"
#include "common/service/log_gauges.h"
#include "common/service/run.h"
#include "common/service/service_flags.h"
#include "grpcpp/channel.h"

namespace countersign::service {

struct ServiceParts {
  std::string name;  // "order-service"
  std::unique_ptr<mysql::Database> database;
  std::unique_ptr<events::Committer> committer;
  std::unique_ptr<Clock> clock;
  SandboxClock* sandbox_clock = nullptr;  // The same, where it can be advanced.
  std::unique_ptr<KeyRing> reply_keys;    // Of --reply_key_file.
  rpc::Credentials credentials;           // Also for the channels to peers.
  rpc::ServerOptions server;              // With the credentials.
  std::unique_ptr<rpc::AccessControl> access;
  rpc::Probe probe;            // Verifies the schema once, then pings the database.
  events::RelayOptions relay;  // Its owner is this life of "order-service@host/127.0.0.1:7102".

  // Valid as long as these parts. `verify_key` says whose a caller's API key is.
  rpc::EndpointOptions MakeEndpointOptions(rpc::KeyVerifier verify_key) const;

  // A channel to `peer` ("billing-service") at `target` ("host:port"), as this service. Errors: those of MakeChannel.
  absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(absl::string_view peer, absl::string_view target,
                                                         const char* service_config = rpc::kServiceConfig) const;
};

// Raises the limit of open files, opens the database and verifies that its migrations are complete and unchanged. A
// database that is down is no error: the probe verifies later and the service is NOT_SERVING until then. Errors: those
// of mysql::VerifyMigrated, of KeyRing::ReadFile, of Credentials::Tls, of AccessControl::Open and of
// RaiseDescriptorLimit.
absl::StatusOr<ServiceParts> OpenService(const ServiceOptions& options,
                                         const std::vector<mysql::Migrations>& migrations);

// A service's log: the relay that carries it to its consumers, and the gRPC services over it that every service has.
class ServiceLog {
 public:
  // `parts`, `endpoint` and what the consumers and tasks use must outlive the log.
  // The retention of stored replies is one more of the tasks.
  ServiceLog(const ServiceParts& parts, const rpc::Endpoint& endpoint, std::vector<events::Consumer> consumers,
             std::vector<events::BucketTask> tasks = {});

  events::Relay& relay() { return *relay_; }

  // EventService, AuditService and DeliveryService, and in a sandbox ClockService, as Server::Start takes them.
  std::vector<grpc::Service*> services();

  // Ends every stream and refuses new ones.
  void StopStreams() { events_.Stop(); }

 private:
  event_api::EventService events_;
  event_api::AuditService audit_;
  const std::unique_ptr<events::Relay> relay_;
  event_api::DeliveryService deliveries_;
  std::optional<ClockService> clock_;
};

// Parts that a service runs beside its gRPC API and its log; it starts them before it serves. Each may be empty.
struct Companions {
  // Takes no more from outside, and finishes what is under way until `deadline` (real time): an HTTP server.
  std::function<void(absl::Time deadline)> stop_serving = nullptr;
  // Ends the workers; nobody calls any more, and the database is still there.
  std::function<void()> stop_working = nullptr;
  // Its own gauges, read once a minute until it stops working.
  ReadFigures figures = nullptr;
};

// Serves `services` and the log until SIGTERM or SIGINT, then ends everything in the one order in which no call is
// lost: health NOT_SERVING, the drain delay (--drain_seconds), stop_serving, the streams, no new calls and those under
// way end, stop_working, the relay, the database. What is under way has ServerOptions::shutdown_timeout: stop_serving
// gets half of it, and the calls at least half, however long stop_serving and the streams take. OK when a signal ended
// it. Errors: those of Server::Start and Server::failure.
absl::Status ServeUntilStopped(const ServiceParts& parts, std::vector<grpc::Service*> services, ServiceLog& log,
                               const Companions& companions = {});

// What --migrate does: mysql::MigrateAs; with --provision mysql::Provision goes before, with --revoke_unneeded
// mysql::RevokeUnneeded comes after.
absl::Status MigrateService(const ServiceOptions& options, const std::vector<mysql::Migrations>& migrations);

// SIGTERM and SIGINT.
sigset_t StopSignals();

// Blocks SIGTERM and SIGINT in this thread and those it starts: first thing in main, before any thread exists.
void BlockStopSignals();

// Gives malloc as many arenas as the machine has cores. It would make eight times as many, and what is free in one is
// of no use to the threads of the others. Before any thread exists.
void LimitArenas();

// 0 when OK; else 1, and the error is logged.
int ExitCode(const absl::Status& status);

// All of a service's int main: its Config has a member `service`, the ServiceOptions; `parse` ends the program when the
// flags make no sense. Migrates or serves (RunWatched), as they say.
template <typename Config>
int RunMain(int argc, char** argv, Config (*parse)(int, char**), std::vector<mysql::Migrations> (*migrations)(),
            absl::Status (*serve)(const Config&)) {
  BlockStopSignals();
  LimitArenas();
  const Config config = parse(argc, argv);
  if (!config.service.migrate.empty()) return ExitCode(MigrateService(config.service, migrations()));
  return ExitCode(RunWatched(config.service, [&] { return serve(config); }));
}

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_SERVICE_H_
