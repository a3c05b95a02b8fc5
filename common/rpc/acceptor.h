// Takes the connections of a gRPC server's port. gRPC 1.51 would do it itself, but it knows no limit, and where it runs
// out of descriptors once it never accepts again (CVE-2023-4785).
#ifndef COUNTERSIGN_COMMON_RPC_ACCEPTOR_H_
#define COUNTERSIGN_COMMON_RPC_ACCEPTOR_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace countersign::rpc {

class Acceptor {
 public:
  // Takes over a connection's descriptor, and the one of the socket that it came in by.
  using Hand = std::function<void(int listener, int connection)>;

  virtual ~Acceptor() = default;  // Stop().

  // Binds every address of `host_port`; a wildcard is both IPv4 and IPv6. With `max_connections` open, those that the
  // address with the most of them opened first are cut to make room: who has few never pays for who has many. A
  // shortage of descriptors only pauses it.
  // Error: UNAVAILABLE LISTEN_FAILED.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Listen(const std::string& host_port, int max_connections);

  virtual int port() const = 0;

  // Begins to accept, in a thread of its own.
  virtual void Start(Hand hand) = 0;

  // Accepts no more and closes the port; what was handed over stays. Idempotent.
  virtual void Stop() = 0;

  // After Stop: the kernel drops whatever comes over the connections that were handed over, but for bare
  // acknowledgements; what is sent still goes out. gRPC would answer a call that reaches it after its shutdown has
  // begun with CANCELLED. So its client learns from the end of the connection, as UNAVAILABLE, that nobody took it.
  virtual void Deafen() = 0;

  // After Stop: ends the connections that were handed over. Calls on them are UNAVAILABLE to their clients.
  virtual void Cut() = 0;
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_ACCEPTOR_H_
