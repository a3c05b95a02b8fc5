#include "common/service/service.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/sandbox_clock.h"
#include "common/base/span.h"
#include "common/base/status_macros.h"
#include "common/events/log_keys.h"
#include "common/events/owner.h"
#include "common/events/retention.h"
#include "common/mysql/errors.h"
#include "common/mysql/statement_log.h"
#include "common/rpc/call_slots.h"
#include "common/rpc/channel.h"
#include "common/service/call_metrics.h"
#include "common/service/descriptors.h"
#include "common/service/readiness.h"
#include "common/service/run.h"
#include "common/service/span_export.h"

namespace countersign::service {
namespace {

constexpr absl::Duration kProbeTimeout = absl::Seconds(3);
constexpr long kWaitNanoseconds = 200'000'000;  // How long a server that gave up may go unnoticed.

absl::Status Verify(mysql::Database& database, const std::vector<mysql::Migrations>& migrations) {
  return database.Read(absl::Now() + kProbeTimeout,
                       [&](mysql::Reader& reader) { return mysql::VerifyMigrated(reader, migrations); });
}

// Down, but may come up by itself.
bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status);
}

// The schema is the one that this binary needs. A sandbox's clock then stands where it stood; `clock` may be null.
absl::Status Prepare(mysql::Database& database, const std::vector<mysql::Migrations>& migrations, SandboxClock* clock) {
  RETURN_IF_ERROR(Verify(database, migrations));
  return clock == nullptr ? absl::OkStatus() : RestoreClock(database, absl::Now() + kProbeTimeout, *clock);
}

// Until the service was prepared once, preparing is the probe; afterwards a ping is.
rpc::Probe MakeProbe(mysql::Database& database, std::vector<mysql::Migrations> migrations, SandboxClock* clock,
                     bool prepared) {
  return [&database, migrations = std::move(migrations), clock, prepared]() mutable -> absl::Status {
    if (prepared) return database.Ping(absl::Now() + kProbeTimeout);
    const absl::Status status = Prepare(database, migrations, clock);
    prepared = status.ok();
    return status;
  };
}

// OK at SIGTERM or SIGINT, or server.failure() when the server gave up.
absl::Status WaitUntilStopped(const rpc::Server& server) {
  const sigset_t signals = StopSignals();
  const timespec timeout = {0, kWaitNanoseconds};
  for (;;) {
    if (sigtimedwait(&signals, nullptr, &timeout) > 0) return absl::OkStatus();
    RETURN_IF_ERROR(server.failure());
  }
}

absl::Status MigrateOnce(const ServiceOptions& options, const std::vector<mysql::Migrations>& migrations) {
  mysql::DatabaseOptions migrator = options.database;
  migrator.url = options.migrate;
  migrator.password_file = options.migration_password_file;
  if (!options.provision.empty()) {
    mysql::DatabaseOptions admin = options.database;
    admin.url = options.provision;
    admin.password_file.clear();
    RETURN_IF_ERROR(mysql::Provision(admin, migrator, options.database));
    Log(Level::kInfo, "provisioned");
  }
  RETURN_IF_ERROR(mysql::MigrateAs(migrator, options.database, migrations));
  Log(Level::kInfo, "migrated");
  if (!options.revoke_unneeded) return absl::OkStatus();
  RETURN_IF_ERROR(mysql::RevokeUnneeded(migrator, options.database, migrations));
  Log(Level::kInfo, "the rights that only earlier versions needed are revoked");
  return absl::OkStatus();
}

events::RelayOptions Waking(event_api::EventService& events, events::RelayOptions options) {
  options.on_sealed = events.Waker();
  return options;
}

std::vector<events::BucketTask> WithReplyRetention(std::vector<events::BucketTask> tasks, const ServiceParts& parts) {
  tasks.push_back(
      events::RetentionTask("reply retention", *parts.database, *parts.clock, {events::StoredReplyRetention()}));
  return tasks;
}

}  // namespace

rpc::EndpointOptions ServiceParts::MakeEndpointOptions(rpc::KeyVerifier verify_key) const {
  rpc::EndpointOptions options;
  options.service = name;
  options.database = database.get();
  options.clock = clock.get();
  options.reply_keys = reply_keys.get();
  options.access = access.get();
  options.verify_key = std::move(verify_key);
  options.observer = MakeCallMetrics();
  return options;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> ServiceParts::Connect(absl::string_view peer, absl::string_view target,
                                                                     const char* service_config) const {
  return rpc::MakeChannel(credentials, peer, target, service_config);
}

absl::StatusOr<ServiceParts> OpenService(const ServiceOptions& options,
                                         const std::vector<mysql::Migrations>& migrations) {
  RETURN_IF_ERROR(RaiseDescriptorLimit().status());
  // Debian builds Abseil with the check of every lock against every other, which is for debugging and costs 4 % of the
  // processor time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  ServiceParts parts;
  parts.name = options.name;
  if (!options.otlp_endpoint.empty()) {
    RETURN_IF_ERROR(StartSpanExport(options.name, options.replica, options.otlp_endpoint));
  }
  parts.relay.owner = events::NewOwner(absl::StrCat(options.name, "@", options.replica));
  parts.relay.audit_head_interval = options.audit_head_interval;
  if (options.sandbox_clock) {
    auto clock = std::make_unique<SandboxClock>(options.clock_offset);
    parts.sandbox_clock = clock.get();
    parts.clock = std::move(clock);
  } else {
    parts.clock = std::make_unique<SystemClock>(options.clock_offset);
  }
  if (!options.plaintext) {
    ASSIGN_OR_RETURN(parts.credentials, rpc::Credentials::Tls(options.tls));
  }
  parts.server = options.server;
  parts.server.credentials = parts.credentials;
  parts.server.on_health = [](const absl::Status& status) { Readiness::OfProcess().Set(status); };
  ASSIGN_OR_RETURN(parts.access, rpc::AccessControl::Open(options.access_policy_file));
  ASSIGN_OR_RETURN(KeyRing keys, KeyRing::ReadFile(options.reply_key_file));
  parts.reply_keys = std::make_unique<KeyRing>(std::move(keys));
  events::LogKeys::SetOfProcess(*parts.reply_keys);
  mysql::DatabaseOptions database = options.database;
  if (!options.statement_log_file.empty()) {
    ASSIGN_OR_RETURN(database.statement_log, mysql::StatementLog::Open(options.statement_log_file));
  }
  parts.database = mysql::OpenDatabase(database);
  parts.committer = std::make_unique<events::Committer>(*parts.database);
  parts.relay.committer = parts.committer.get();
  const absl::Status prepared = Prepare(*parts.database, migrations, parts.sandbox_clock);
  if (!prepared.ok() && !IsTransient(prepared)) return prepared;
  if (!prepared.ok()) {
    Log(Level::kWarning, "the database does not answer yet", {{"error", std::string(prepared.message())}});
  }
  parts.probe = MakeProbe(*parts.database, migrations, parts.sandbox_clock, prepared.ok());
  return parts;
}

ServiceLog::ServiceLog(const ServiceParts& parts, const rpc::Endpoint& endpoint,
                       std::vector<events::Consumer> consumers, std::vector<events::BucketTask> tasks)
    : events_(endpoint, *parts.database),
      audit_(endpoint, *parts.database),
      relay_(events::MakeRelay(*parts.database, Waking(events_, parts.relay), std::move(consumers),
                               WithReplyRetention(std::move(tasks), parts))),
      deliveries_(endpoint, *parts.database, *parts.committer, *relay_) {
  if (parts.sandbox_clock != nullptr) {
    clock_.emplace(endpoint, *parts.database, *parts.committer, *relay_, *parts.sandbox_clock);
  }
}

std::vector<grpc::Service*> ServiceLog::services() {
  std::vector<grpc::Service*> services = {&events_, &audit_, &deliveries_};
  if (clock_.has_value()) services.push_back(&*clock_);
  return services;
}

absl::Status ServeUntilStopped(const ServiceParts& parts, std::vector<grpc::Service*> services, ServiceLog& log,
                               const Companions& companions) {
  const auto end_others = [&](absl::Time deadline) {
    if (companions.stop_serving) companions.stop_serving(deadline);
    log.StopStreams();
  };
  for (grpc::Service* service : log.services()) services.push_back(service);
  rpc::CallSlots::OfProcess().SetSlots(parts.server.max_threads);
  ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server,
                   rpc::Server::Start(parts.server, services, parts.probe, end_others));
  log.relay().Start();
  std::optional<LogGauges> gauges;
  gauges.emplace(*parts.database, *parts.clock, companions.figures);
  const absl::Status why = WaitUntilStopped(*server);
  server->Shutdown();
  if (companions.stop_working) companions.stop_working();
  log.relay().Stop();
  gauges.reset();
  if (SpanSink* const spans = SpanSink::OfProcess()) spans->Flush();
  parts.database->Close();
  return why;
}

// As RunWatched has it, this waits for a database that is not there yet or does not let it in. A schema or a migration
// that does not fit ends it: another program is needed.
absl::Status MigrateService(const ServiceOptions& options, const std::vector<mysql::Migrations>& migrations) {
  absl::Status last;
  RETURN_IF_ERROR(RunWatched(options, [&] {
    last = MigrateOnce(options, migrations);
    return IsTransient(last) ? last : absl::OkStatus();
  }));
  return last;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

void BlockStopSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void LimitArenas() { mallopt(M_ARENA_MAX, static_cast<int>(std::thread::hardware_concurrency())); }

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  LogFields fields = {{"code", absl::StatusCodeToString(status.code())},
                      {"reason", DetailsOf(status).reason},
                      {"error", std::string(status.message())}};
  const std::string server_message = mysql::ServerMessageOf(status);
  if (!server_message.empty()) fields.emplace_back("database_error", server_message);
  Log(Level::kError, "failed", fields);
  return 1;
}

}  // namespace countersign::service
