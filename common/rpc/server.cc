#include "common/rpc/server.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/rpc/acceptor.h"
#include "common/rpc/call_slots.h"
#include "common/rpc/calls_under_way.h"
#include "common/rpc/library_log.h"
#include "common/rpc/port_probe.h"
#include "common/rpc/reflection_limit.h"
#include "common/rpc/refusal_interceptor.h"
#include "common/rpc/server_limits.h"
#include "grpc/grpc.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/impl/server_builder_plugin.h"
#include "grpcpp/impl/server_initializer.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace countersign::rpc {
namespace {

constexpr int kIdlePollMs = 500;
constexpr int kMaxIdleThreads = 32;
constexpr int kMaxSilences = 3;  // Of the server's own port, one after the other.
// At shutdown: how long clients have to go by themselves, and then how often to look whether a call is under way.
constexpr absl::Duration kFarewell = absl::Milliseconds(250);
constexpr absl::Duration kLastCut = absl::Milliseconds(100);  // So long before the end it is made by ourselves.
constexpr absl::Duration kLookInterval = absl::Milliseconds(20);

// The only way to learn the names of the services from the builder.
class ServiceNames final : public grpc::ServerBuilderPlugin {
 public:
  explicit ServiceNames(std::vector<std::string>* names) : names_(names) {}
  std::string name() override { return "countersign_service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override {
    for (const std::string& name : *initializer->GetServiceList()) {
      if (!absl::StartsWith(name, "grpc.")) names_->push_back(name);
    }
  }
  void ChangeArguments(const std::string&, void*) override {}

 private:
  std::vector<std::string>* const names_;
};

class ServiceNamesOption final : public grpc::ServerBuilderOption {
 public:
  explicit ServiceNamesOption(std::vector<std::string>* names) : names_(names) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->push_back(std::make_unique<ServiceNames>(names_));
  }

 private:
  std::vector<std::string>* const names_;
};

void EnablePluginsOnce() {
  static const bool enabled = [] {
    RouteLibraryLogs();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)enabled;
}

class ServerImpl final : public Server {
 public:
  ServerImpl(const ServerOptions& options, Probe probe, std::function<void(absl::Time)> end_others)
      : options_(options), probe_(std::move(probe)), end_others_(std::move(end_others)) {}
  ~ServerImpl() override { Shutdown(); }

  absl::Status Listen(const std::vector<grpc::Service*>& services) {
    EnablePluginsOnce();
    grpc::ServerBuilder builder;
    ASSIGN_OR_RETURN(acceptor_, Acceptor::Listen(options_.listen, options_.max_connections));
    port_ = acceptor_->port();
    const std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> connections =
        builder.experimental().AddExternalConnectionAcceptor(
            grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, options_.credentials.server());
    for (grpc::Service* service : services) builder.RegisterService(service);
    builder.SetOption(std::make_unique<ServiceNamesOption>(&names_));
    SetServerLimits(SlotShares::kThreadsOfSlot * options_.max_threads, builder);
    // A shutdown waits for the idle pollers to wake up; by default they sleep 10 s.
    builder.SetSyncServerOption(grpc::ServerBuilder::CQ_TIMEOUT_MSEC, kIdlePollMs);
    // A thread that finds so many idle ones ends itself; by default two, so that nearly every call starts a thread.
    builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, kMaxIdleThreads);
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(MakeRefusalInterceptorFactory());
    interceptors.push_back(MakeCallsUnderWayFactory(calls_under_way_));
    // A quarter of the threads: reflection alone never keeps calls from being served.
    interceptors.push_back(MakeReflectionLimitFactory(options_.max_threads / 4));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    const bool has_callbacks = std::any_of(
        services.begin(), services.end(), [](const grpc::Service* service) { return service->has_callback_methods(); });
    if (has_callbacks) idle_queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return absl::InternalError("gRPC starts no server");
    acceptor_->Start([connections](int listener, int connection) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters handed;
      handed.listener_fd = listener;
      handed.fd = connection;
      connections->HandleNewConnection(&handed);
    });
    {
      absl::MutexLock lock(&mutex_);
      SetServing(false);
    }
    prober_ = std::thread([this] { ProbeUntilStopped(); });
    if (idle_queue_ != nullptr) poller_ = std::thread([this] { PollUntilStopped(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  std::string address() const override {
    const std::string host = HostOf(options_.listen);
    return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port_) : absl::StrCat(host, ":", port_);
  }

  absl::Status failure() const override {
    absl::MutexLock lock(&mutex_);
    return failure_;
  }

  void Shutdown() override {
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return;
      stopping_ = true;
      if (server_ == nullptr) return;
      SetServing(false);
      TellHealth(Error(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "The service is shutting down."));
    }
    Log(Level::kInfo, "shutting down", {{"address", address()}});
    absl::SleepFor(options_.drain);
    // Half and half: however long the others take, no call is cancelled before it had its share.
    const absl::Duration share = options_.shutdown_timeout / 2;
    const absl::Time end = absl::Now() + options_.shutdown_timeout;
    end_others_(end - share);
    EndCalls(std::max(end, absl::Now() + share));
    if (prober_.joinable()) prober_.join();
  }

 private:
  // gRPC waits until every client has closed its connection, and one that is idle looks at its own only every 5 s.
  // So, once no call is under way, the connections are cut. A call that gRPC itself ends, because it came too late or
  // took too long, is CANCELLED to its client, who then does not try again: so none comes too late, and the connection
  // of one that takes too long is cut before.
  void EndCalls(absl::Time deadline) {
    acceptor_->Stop();
    acceptor_->Deafen();
    absl::SleepFor(options_.last_read);
    absl::Notification ended;
    std::thread cutter([this, deadline, &ended] {
      absl::Duration pause = kFarewell;
      do {
        if (ended.WaitForNotificationWithTimeout(pause)) return;
        pause = kLookInterval;
      } while (calls_under_way_ > 0 && absl::Now() < deadline - kLastCut);
      acceptor_->Cut();
      grpc_server_cancel_all_calls(server_->c_server());
    });
    server_->Shutdown(absl::ToChronoTime(deadline));
    server_->Wait();
    ended.Notify();
    cutter.join();
    if (idle_queue_ != nullptr) idle_queue_->Shutdown();
    if (poller_.joinable()) poller_.join();
  }

  // Reads the sockets when nobody else does. In a server that has a method of the callback API, the threads of all
  // other methods leave reading to gRPC's threads for callbacks, and those sleep for 100 ms after each second in which
  // no callback was called. Nothing is ever queued here.
  void PollUntilStopped() {
    void* tag = nullptr;
    bool ok = false;
    while (idle_queue_->Next(&tag, &ok)) continue;
  }

  void SetServing(bool serving) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    health->SetServingStatus("", serving);
    for (const std::string& name : names_) health->SetServingStatus(name, serving);
  }

  void TellHealth(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (options_.on_health) options_.on_health(status);
  }

  void SayHealth(const absl::Status& status) const {
    LogFields fields = {{"address", address()}};
    if (status.ok()) {
      fields.emplace_back("port", absl::StrCat(port_));
      Log(Level::kInfo, "ready", fields);
      return;
    }
    fields.emplace_back("reason", DetailsOf(status).reason);
    fields.emplace_back("error", std::string(status.message()));
    const std::string server_message = mysql::ServerMessageOf(status);
    if (!server_message.empty()) fields.emplace_back("database_error", server_message);
    Log(Level::kWarning, "not serving", fields);
  }

  void ProbeUntilStopped() {
    std::optional<absl::Status> said;  // Say why not once, not every second.
    int silences = 0;
    for (;;) {
      const absl::Status status = probe_();
      const absl::Status answer = ProbePort(HostOf(options_.listen), port_, options_.port_patience);
      if (answer.ok()) silences = 0;
      if (absl::IsUnavailable(answer)) ++silences;
      absl::MutexLock lock(&mutex_);
      if (stopping_) return;
      TellHealth(status);
      if (!said.has_value() || said->code() != status.code() || said->message() != status.message()) {
        said = status;
        SetServing(status.ok());
        SayHealth(status);
      }
      if (absl::IsFailedPrecondition(status)) {
        failure_ = status;
        return;
      }
      if (silences >= kMaxSilences) {
        failure_ = Error(absl::StatusCode::kUnavailable, "PORT_DEAD",
                         "The server's own port accepts no connections any more. Start the process again.");
        return;
      }
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.probe_interval)) return;
    }
  }

  const ServerOptions options_;
  const Probe probe_;
  const std::function<void(absl::Time deadline)> end_others_;
  int port_ = 0;
  std::vector<std::string> names_;
  std::atomic<int> calls_under_way_{0};
  std::unique_ptr<Acceptor> acceptor_;
  std::unique_ptr<grpc::ServerCompletionQueue> idle_queue_;  // Of a server with callbacks.
  std::unique_ptr<grpc::Server> server_;
  std::thread poller_;
  std::thread prober_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services, Probe probe,
                                                      std::function<void(absl::Time)> end_others) {
  if (options.credentials.is_plaintext() && !IsLoopback(options.listen)) {
    return Error(absl::StatusCode::kInvalidArgument, "LISTEN_ADDRESS",
                 "In plaintext callers are believed without proof, so the address to listen on must be loopback, for "
                 "example 127.0.0.1:7102.",
                 {{"listen", options.listen}});
  }
  auto server = std::make_unique<ServerImpl>(options, std::move(probe), std::move(end_others));
  RETURN_IF_ERROR(server->Listen(services));
  if (options.credentials.is_plaintext()) {
    Log(Level::kWarning, "plaintext: callers are believed from the metadata countersign-caller; serving loopback only",
        {{"address", server->address()}});
  }
  return server;
}

}  // namespace countersign::rpc
