// The HTTP server, behind one boundary so that it can be exchanged (docs/adr/0001-http-server-on-beast.md).
//
// One I/O thread reads and writes all connections without blocking; handlers, which may block, run on a bounded pool of
// workers. A request reaches a worker only when it is complete, so a client that drips bytes never holds one.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_SERVER_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "link-service/src/web/client_address.h"
#include "link-service/src/web/http_message.h"

namespace countersign::link::web {

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // An IP address.
  uint16_t port = 0;               // 0: any free port, see HttpServer::port().

  int worker_threads = 32;
  int max_waiting_requests = 256;  // Complete requests that wait for a worker; one more is answered 503.
  // One connection too many closes the one that has been idle longest; where none is idle it is answered 503 and
  // closed. The second limit holds for each client address (of IPv6 its first 64 bits) that is no trusted proxy. Both
  // must stay below service::kMinDescriptors.
  int max_connections = 1024;
  int max_connections_per_address = 256;
  int64_t max_header_bytes = 16 * 1024;
  int64_t max_body_bytes = 256 * 1024;

  // Each bounds a whole phase, not a single read: receiving the request, from its first byte to its last; handling it,
  // waiting for a worker included, which the handler sees as HttpRequest::deadline; sending the reply.
  absl::Duration receive_timeout = absl::Seconds(10);
  absl::Duration handler_timeout = absl::Seconds(10);
  absl::Duration send_timeout = absl::Seconds(10);
  absl::Duration keep_alive_idle = absl::Seconds(15);  // Before the first byte of a request.

  TrustedProxies trusted_proxies;

  // Makes the body and headers of what the server itself refuses (400, 405, 413, 431, 503) and of a handler that threw
  // (500). Runs on any thread and must not block. Empty: a line of plain text.
  std::function<HttpResponse(int status, absl::string_view trace_id)> error_page;

  // Told when a handler threw; `what` is internal text for the log only.
  std::function<void(absl::string_view trace_id, absl::string_view what)> on_handler_exception;
};

class HttpServer {
 public:
  // Binds and serves until Stop. Methods other than GET, HEAD and POST are answered 405 without asking `handler`.
  // Errors: INVALID_ARGUMENT (host is no IP address), UNAVAILABLE (the port cannot be bound).
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(HttpServerOptions options, HttpHandler handler);

  ~HttpServer();  // Stop(absl::Now()).
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;

  // Takes no new connection, closes idle ones, lets requests in progress finish until `deadline` (real time), then cuts
  // the rest. Returns when every thread has ended, hence not before the last running handler has returned. Idempotent.
  void Stop(absl::Time deadline);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_SERVER_H_
