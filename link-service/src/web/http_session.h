// One connection of the HTTP server: the Beast part, included by http_server.cc and http_session.cc only.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_SESSION_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_SESSION_H_

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "link-service/src/web/http_head.h"
#include "link-service/src/web/http_server.h"

namespace countersign::link::web {

class HttpSession;

// State shared by the sessions of one server. All but `unfinished_requests` and `workers` belongs to the I/O thread.
struct HttpServerState {
  HttpServerState(HttpServerOptions given_options, HttpHandler given_handler)
      : options(std::move(given_options)), handler(std::move(given_handler)), workers(options.worker_threads) {}

  const HttpServerOptions options;
  const HttpHandler handler;
  std::atomic<int> unfinished_requests{0};  // Given to `workers` and not yet answered.
  bool stopping = false;
  std::unordered_set<HttpSession*> sessions;  // Before `io`, whose end destroys the last sessions.
  boost::asio::io_context io{1};              // One I/O thread: sessions need no strand and no lock.
  boost::asio::thread_pool workers;
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpServerState* server, boost::asio::ip::tcp::socket socket);
  ~HttpSession();

  void Run();      // Serves requests until the client or a limit ends the connection.
  void Refuse();   // Answers 503 and closes: there are too many connections.
  void EndIdle();  // Closes the connection if it is between two requests.
  void Cut();      // Closes it at once.

  bool is_closed() const { return !stream_.socket().is_open(); }
  const std::string& peer() const { return peer_; }
  const std::string& client_key() const { return client_key_; }  // See ClientKey.
  // Since when it waits for the first byte of a request; nothing while one is under way.
  std::optional<absl::Time> idle_since() const { return idle_ ? std::optional(idle_since_) : std::nullopt; }

 private:
  using Result = boost::beast::error_code;
  // One type for all, because each type of handler compiles Beast's operations again.
  using Handler = std::function<void(Result, std::size_t)>;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void ReadRequest();
  void ReadHead();    // Until it is complete, and can be read in one way only (http_head.h).
  void ReadHeader();  // Beast's reading of it.
  void OnHeader(Result result);
  void SendContinue();
  void ReadBody();
  void OnBody(Result result);
  void OnReadError(Result result);
  void Dispatch(HttpRequest request);
  HttpResponse RunHandler(const HttpRequest& request) const;
  HttpResponse ErrorResponse(int status) const;
  void SendError(int status);  // And closes: what follows on the connection is not understood.
  void Send(HttpResponse response);
  void OnSent(Result result);
  void Linger();
  void Close();

  HttpServerState* const server_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<HeadReader> head_;
  std::optional<Parser> parser_;
  HttpHeaders headers_;  // Those of the head; fields after a chunked body (trailers) are not believed.
  std::optional<Response> response_;
  std::string peer_;
  std::string client_key_;
  std::string trace_id_;
  bool idle_ = false;
  absl::Time idle_since_;
  bool close_ = false;
  bool is_head_ = false;
  bool is_post_ = false;
  bool unread_input_ = false;  // The client may still be sending what was refused.
  int64_t lingered_bytes_ = 0;
};

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_SESSION_H_
