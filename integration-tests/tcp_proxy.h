// A wire between two programs that a test can cut, silence and make slow.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_TCP_PROXY_H_
#define COUNTERSIGN_INTEGRATION_TESTS_TCP_PROXY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace countersign::integration {

// Thread-safe.
class TcpProxy {
 public:
  virtual ~TcpProxy() = default;  // Ends every connection.

  // Listens on a free loopback port. Each connection is carried on to the next of the loopback ports `targets` that
  // takes it. Error: INTERNAL when there is no port.
  static absl::StatusOr<std::unique_ptr<TcpProxy>> Start(std::vector<int> targets);

  virtual int port() const = 0;

  // Ends the connections that are open now.
  virtual void Cut() = 0;

  // While silent it accepts connections and keeps those that are open, and nothing gets through.
  virtual void SetSilent(bool silent) = 0;

  // How long every byte is under way, from now on.
  virtual void SetDelay(absl::Duration delay) = 0;

  // While it loses commits, a connection over which COMMIT went to a database without TLS ends when the answer to it
  // arrives, which gets lost.
  virtual void SetLosesCommits(bool loses) = 0;

  // While it holds commits, the answer to a COMMIT as above does not arrive, and its connection carries nothing more to
  // the client. It ends when commits are no longer held.
  virtual void SetHoldsCommits(bool holds) = 0;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_TCP_PROXY_H_
