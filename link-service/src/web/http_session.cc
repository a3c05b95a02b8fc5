#include "link-service/src/web/http_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/trace.h"

namespace countersign::link::web {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr int kReadChunkBytes = 4096;
// Limit of unparsed bytes beside a head, including the line before a chunk, which Beast does not limit by itself.
constexpr std::size_t kMaxAheadBytes = 64 * 1024;
// A client that is still sending when it is refused must be read from, or the reset that follows a close overtakes the
// reply; but not for long.
constexpr absl::Duration kLingerTimeout = absl::Seconds(2);
constexpr int64_t kMaxLingeredBytes = 16 * 1024 * 1024;
constexpr absl::string_view kHttpDate = "%a, %d %b %Y %H:%M:%S GMT";

absl::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

std::optional<HttpMethod> MethodOf(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return HttpMethod::kGet;
    case http::verb::head:
      return HttpMethod::kHead;
    case http::verb::post:
      return HttpMethod::kPost;
    default:
      return std::nullopt;
  }
}

}  // namespace

HttpSession::HttpSession(HttpServerState* server, boost::asio::ip::tcp::socket socket)
    : server_(server),
      stream_(std::move(socket)),
      buffer_(static_cast<std::size_t>(server->options.max_header_bytes) + kMaxAheadBytes),
      trace_id_(NewTraceId()) {
  beast::error_code ignored;
  const auto endpoint = stream_.socket().remote_endpoint(ignored);
  if (!ignored) peer_ = endpoint.address().to_string();
  client_key_ = ClientKey(peer_);
  server_->sessions.insert(this);
}

HttpSession::~HttpSession() { server_->sessions.erase(this); }

void HttpSession::Refuse() { SendError(503); }

void HttpSession::EndIdle() {
  if (idle_) Close();
  idle_ = false;
  close_ = true;
}

void HttpSession::Cut() { Close(); }

// The idle time ends with the first byte; from then on the receive timeout bounds the whole request.
void HttpSession::Run() {
  if (buffer_.size() > 0) return ReadRequest();  // The client sent the next request without waiting.
  idle_ = true;
  idle_since_ = absl::Now();
  stream_.expires_after(absl::ToChronoNanoseconds(server_->options.keep_alive_idle));
  stream_.async_read_some(buffer_.prepare(kReadChunkBytes),
                          Handler([self = shared_from_this()](Result result, std::size_t bytes) {
                            self->idle_ = false;
                            if (result) return self->Close();
                            self->buffer_.commit(bytes);
                            self->ReadRequest();
                          }));
}

// The timer keeps running over the reads of header and body: Beast does not start it again for each of them.
void HttpSession::ReadRequest() {
  stream_.expires_after(absl::ToChronoNanoseconds(server_->options.receive_timeout));
  trace_id_ = NewTraceId();
  is_head_ = is_post_ = false;
  head_.emplace(server_->options.max_header_bytes);
  ReadHead();
}

void HttpSession::ReadHead() {
  const absl::string_view bytes(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  const HeadResult result = head_->Read(bytes);
  if (result == HeadResult::kGood) return ReadHeader();
  if (result == HeadResult::kRefused) {
    is_head_ = absl::StartsWith(bytes, "HEAD ");
    return SendError(head_->status());
  }
  stream_.async_read_some(buffer_.prepare(kReadChunkBytes),
                          Handler([self = shared_from_this()](Result error, std::size_t received) {
                            if (error) return self->Close();
                            self->buffer_.commit(received);
                            self->ReadHead();
                          }));
}

void HttpSession::ReadHeader() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(server_->options.max_header_bytes));
  parser_->body_limit(static_cast<std::uint64_t>(server_->options.max_body_bytes));
  http::async_read_header(stream_, buffer_, *parser_,
                          Handler([self = shared_from_this()](Result result, std::size_t) { self->OnHeader(result); }));
}

void HttpSession::OnHeader(Result result) {
  if (result) return OnReadError(result);
  const auto& message = parser_->get();
  is_head_ = message.method() == http::verb::head;
  is_post_ = message.method() == http::verb::post;
  headers_ = HttpHeaders();
  for (const auto& field : message) headers_.Add(View(field.name_string()), View(field.value()));
  if (!MethodOf(message.method()).has_value()) return SendError(405);
  if (message.target().empty() || message.target().front() != '/') return SendError(400);
  const bool is_expecting = absl::EqualsIgnoreCase(View(message[http::field::expect]), "100-continue");
  if (is_expecting && message.version() == 11) return SendContinue();
  ReadBody();
}

void HttpSession::SendContinue() {
  boost::asio::async_write(stream_, boost::asio::const_buffer(kContinue.data(), kContinue.size()),
                           Handler([self = shared_from_this()](Result result, std::size_t) {
                             if (result) return self->Close();
                             self->ReadBody();
                           }));
}

void HttpSession::ReadBody() {
  http::async_read(stream_, buffer_, *parser_,
                   Handler([self = shared_from_this()](Result result, std::size_t) { self->OnBody(result); }));
}

void HttpSession::OnReadError(Result result) {
  is_head_ = parser_->get().method() == http::verb::head;
  if (result == http::error::header_limit) return SendError(431);
  if (result == http::error::body_limit) return SendError(413);
  const bool broken_connection = result.category() != http::make_error_code(http::error::bad_method).category() ||
                                 result == http::error::end_of_stream || result == http::error::partial_message;
  if (broken_connection) return Close();
  SendError(400);
}

void HttpSession::OnBody(Result result) {
  if (result) return OnReadError(result);
  auto message = parser_->release();
  close_ = close_ || !message.keep_alive();
  HttpRequest request;
  request.method = *MethodOf(message.method());
  const absl::string_view target = View(message.target());
  const std::size_t question_mark = target.find('?');
  request.path = std::string(target.substr(0, question_mark));
  if (question_mark != absl::string_view::npos) request.query = std::string(target.substr(question_mark + 1));
  request.headers = std::move(headers_);
  request.body = std::move(message.body());
  request.peer_address =
      server_->options.trusted_proxies.ClientAddress(peer_, request.headers.GetList("X-Forwarded-For"));
  // The proxy's, if it takes part in a trace.
  const absl::string_view traceparent = request.headers.Get(kTraceparent);
  if (const std::string given = TraceIdOf(traceparent); !given.empty()) trace_id_ = given;
  request.trace_id = trace_id_;
  request.parent_span_id = ParentIdOf(traceparent);
  request.span_id = NewSpanId();
  Dispatch(std::move(request));
}

void HttpSession::Dispatch(HttpRequest request) {
  const HttpServerOptions& options = server_->options;
  if (server_->unfinished_requests.load() >= options.worker_threads + options.max_waiting_requests) {
    return SendError(503);
  }
  server_->unfinished_requests.fetch_add(1);
  stream_.expires_never();  // The handler keeps its own deadline, which begins now: waiting for a worker counts.
  request.deadline = absl::Now() + options.handler_timeout;
  boost::asio::post(server_->workers, [self = shared_from_this(), request = std::move(request)]() mutable {
    HttpResponse response = self->RunHandler(request);
    HttpServerState* const server = self->server_;
    server->unfinished_requests.fetch_sub(1);
    boost::asio::post(server->io, [self = std::move(self), response = std::move(response)]() mutable {
      self->Send(std::move(response));
    });
  });
}

HttpResponse HttpSession::RunHandler(const HttpRequest& request) const {
  const auto& report = server_->options.on_handler_exception;
  try {
    return server_->handler(request);
  } catch (const std::exception& error) {
    if (report) report(request.trace_id, error.what());
  } catch (...) {
    if (report) report(request.trace_id, "not a std::exception");
  }
  return ErrorResponse(500);
}

HttpResponse HttpSession::ErrorResponse(int status) const {
  HttpResponse response;
  if (server_->options.error_page) {
    response = server_->options.error_page(status, trace_id_);
  } else {
    response.headers.Set("Content-Type", "text/plain; charset=utf-8");
    response.body = absl::StrCat(ReasonPhrase(status), "\nTrace id: ", trace_id_, "\n");
  }
  response.status = status;
  if (status == 405) response.headers.Set("Allow", "GET, HEAD, POST");
  if (status == 503) response.headers.SetDefault("Retry-After", "5");
  return response;
}

void HttpSession::SendError(int status) {
  close_ = true;
  unread_input_ = true;
  Send(ErrorResponse(status));
}

void HttpSession::Send(HttpResponse response) {
  if (server_->stopping) close_ = true;
  // After a body that was not taken, the next bytes may not be what the sender's proxy took them for.
  if (is_post_ && response.status >= 400) close_ = unread_input_ = true;
  response_.emplace();
  response_->version(11);
  response_->result(static_cast<unsigned>(response.status));
  response_->reason(std::string(ReasonPhrase(response.status)));
  for (const auto& [name, value] : response.headers.fields()) response_->insert(name, value);
  response_->set(http::field::date, absl::FormatTime(kHttpDate, absl::Now(), absl::UTCTimeZone()));
  response_->content_length(response.body.size());
  response_->keep_alive(!close_);
  if (!is_head_) response_->body() = std::move(response.body);
  stream_.expires_after(absl::ToChronoNanoseconds(server_->options.send_timeout));
  http::async_write(stream_, *response_,
                    Handler([self = shared_from_this()](Result result, std::size_t) { self->OnSent(result); }));
}

void HttpSession::OnSent(Result result) {
  if (result) return Close();
  if (!close_) return Run();
  if (!unread_input_) return Close();
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, result);
  if (result) return Close();
  stream_.expires_after(absl::ToChronoNanoseconds(kLingerTimeout));
  Linger();
}

void HttpSession::Linger() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadChunkBytes),
                          Handler([self = shared_from_this()](Result result, std::size_t bytes) {
                            self->lingered_bytes_ += static_cast<int64_t>(bytes);
                            if (result || self->lingered_bytes_ > kMaxLingeredBytes) return self->Close();
                            self->Linger();
                          }));
}

void HttpSession::Close() { stream_.close(); }

}  // namespace countersign::link::web
