// A plaintext HTTP port for those who watch a process: probes and metrics. It says nothing about anybody's business and
// takes no input but a path.
#ifndef COUNTERSIGN_COMMON_SERVICE_STATUS_PORT_H_
#define COUNTERSIGN_COMMON_SERVICE_STATUS_PORT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace countersign::service {

struct StatusReply {
  int code = 200;
  std::string text;  // text/plain
};

// By path: "/ready". Called from the port's one thread, so they must not block.
using StatusPages = std::map<std::string, std::function<StatusReply()>>;

class StatusPort {
 public:
  virtual ~StatusPort() = default;  // Closes the port and every connection.

  // Serves GET of `pages` at `listen` (an IP address and a port; port 0: any free one) in a thread of its own. Each
  // connection has two seconds and one request of 8 KiB at most; beyond 64 connections new ones are closed.
  // Errors: INVALID_ARGUMENT STATUS_ADDRESS, UNAVAILABLE STATUS_PORT_IN_USE.
  static absl::StatusOr<std::unique_ptr<StatusPort>> Start(const std::string& listen, StatusPages pages);

  virtual int port() const = 0;
};

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_STATUS_PORT_H_
