#include "common/service/status_port.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto kConnectionTimeout = std::chrono::seconds(2);
constexpr uint32_t kMaxHeaderBytes = 8 << 10;
constexpr int kMaxStatusConnections = 64;

StatusReply ReplyTo(const StatusPages& pages, const http::request<http::empty_body>& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) return {405, "Only GET.\n"};
  std::string path(request.target().data(), request.target().size());
  path = path.substr(0, path.find('?'));
  const auto page = pages.find(path);
  return page == pages.end() ? StatusReply{404, "There is no such page.\n"} : page->second();
}

// One request and its reply. Keeps itself alive while something is under way.
class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(tcp::socket socket, const StatusPages& pages, int& count)
      : stream_(std::move(socket)), pages_(pages), count_(count) {
    ++count_;
  }
  ~Conversation() { --count_; }

  void Start() {
    parser_.header_limit(kMaxHeaderBytes);
    parser_.body_limit(0);
    stream_.expires_after(kConnectionTimeout);
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](beast::error_code error, size_t) {
      if (!error) self->Reply();
    });
  }

 private:
  void Reply() {
    const StatusReply reply = ReplyTo(pages_, parser_.get());
    response_.result(static_cast<unsigned>(reply.code));
    response_.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");  // As Prometheus wants it.
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(false);
    response_.content_length(reply.text.size());
    if (parser_.get().method() != http::verb::head) response_.body() = reply.text;
    http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code, size_t) {
      beast::error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  beast::tcp_stream stream_;
  const StatusPages& pages_;
  int& count_;
  beast::flat_buffer buffer_{2 * kMaxHeaderBytes};
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> response_;
};

absl::Status BadAddress(const std::string& listen) {
  return Error(absl::StatusCode::kInvalidArgument, "STATUS_ADDRESS",
               absl::StrCat("The address ", listen, " must be an IP address and a port, for example 0.0.0.0:8080."));
}

absl::StatusOr<tcp::endpoint> EndpointOf(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  uint32_t port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port > 65535) {
    return BadAddress(listen);
  }
  absl::string_view host = absl::string_view(listen).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  beast::error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  if (error) return BadAddress(listen);
  return tcp::endpoint(address, static_cast<uint16_t>(port));
}

class StatusPortImpl final : public StatusPort {
 public:
  explicit StatusPortImpl(StatusPages pages) : pages_(std::move(pages)) {}
  ~StatusPortImpl() override {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Listen(const std::string& listen) {
    ASSIGN_OR_RETURN(const tcp::endpoint endpoint, EndpointOf(listen));
    beast::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(kMaxStatusConnections, error);
    if (error) {
      return Error(absl::StatusCode::kUnavailable, "STATUS_PORT_IN_USE",
                   absl::StrCat("Cannot listen on ", listen, ": ", error.message(), "."));
    }
    port_ = acceptor_.local_endpoint().port();
    Accept();
    thread_ = std::thread([this] { context_.run(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  void Accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error && conversations_ < kMaxStatusConnections) {
        std::make_shared<Conversation>(std::move(socket), pages_, conversations_)->Start();
      }
      if (error == asio::error::no_descriptors) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      Accept();
    });
  }

  const StatusPages pages_;
  int conversations_ = 0;  // Of the thread alone; before the context, whose end ends them.
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<StatusPort>> StatusPort::Start(const std::string& listen, StatusPages pages) {
  auto port = std::make_unique<StatusPortImpl>(std::move(pages));
  RETURN_IF_ERROR(port->Listen(listen));
  return port;
}

}  // namespace countersign::service
