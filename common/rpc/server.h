// Runs gRPC services on one port: reflection, health tied to a probe, limits, graceful shutdown.
#ifndef COUNTERSIGN_COMMON_RPC_SERVER_H_
#define COUNTERSIGN_COMMON_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/credentials.h"
#include "grpcpp/impl/codegen/service_type.h"

namespace countersign::rpc {

struct ServerOptions {
  std::string listen = "127.0.0.1:0";                   // host:port; port 0 = any free one, see Server::port.
  int max_threads = 256;                                // Beyond it a call is answered RESOURCE_EXHAUSTED at once.
  int max_connections = 2048;                           // Then room is made, see acceptor.h.
  absl::Duration drain = absl::ZeroDuration();          // Between "not serving" and refusing calls.
  absl::Duration shutdown_timeout = absl::Seconds(10);  // For what is under way after the drain, see Shutdown.
  absl::Duration last_read = absl::Milliseconds(50);    // For gRPC to read the calls that have come in by then.
  absl::Duration probe_interval = absl::Seconds(1);
  absl::Duration port_patience = absl::Seconds(3);  // How long the server's own port may take to answer.
  Credentials credentials = {};                     // Plaintext by default, which loopback alone may be served with.
  std::function<void(const absl::Status&)> on_health =
      nullptr;  // Told of every probe, and of the shutdown. May be empty.
};

// OK = healthy. UNAVAILABLE and the like = NOT_SERVING until a later probe is OK. FAILED_PRECONDITION = can never be
// healthy (a schema that does not fit): the server gives up, see Server::failure.
using Probe = std::function<absl::Status()>;

class Server {
 public:
  virtual ~Server() = default;  // Shuts down.

  // Starts serving `services`, which must outlive the server. Health ("" and every service's full name) is NOT_SERVING
  // until the first OK of `probe`, which runs in a thread of its own. Health and reflection answer everybody who gets a
  // connection, without asking who calls: a load balancer has no name, and the contract is no secret. In plaintext the
  // metadata is believed (caller.h), so an address that is not loopback is refused.
  // `end_others` ends, until the real time `deadline`, what would not end by itself, such as streams, and what must end
  // before this server, such as an HTTP server that is told of by the same health; see Shutdown.
  // Errors: INVALID_ARGUMENT LISTEN_ADDRESS, UNAVAILABLE (port in use).
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, const std::vector<grpc::Service*>& services, Probe probe,
      std::function<void(absl::Time deadline)> end_others = [](absl::Time) {});

  virtual int port() const = 0;
  virtual std::string address() const = 0;  // "127.0.0.1:7102", to connect to.

  // Why the server gave up; OK while it has not. UNAVAILABLE PORT_DEAD: its own port answered three probes in a row
  // with silence, and only a new process can help.
  virtual absl::Status failure() const = 0;

  // Health to NOT_SERVING at once, the drain delay, `end_others`, no new calls, the calls under way end or are cut off.
  // Whatever of this ends a call, its client sees UNAVAILABLE and may try again. Of shutdown_timeout, which begins
  // after the drain delay, `end_others` gets half; the calls get what is left, and never less than half, even if
  // `end_others` returns only after its deadline. With none under way it ends soon, whoever is still connected.
  // Idempotent.
  virtual void Shutdown() = 0;
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_SERVER_H_
