#include "link-service/src/web/http_server.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "link-service/src/web/http_session.h"

namespace countersign::link::web {
namespace {

using boost::asio::ip::tcp;

// Beyond max_connections a few more are held for the moment it takes to tell them so; the rest is closed unread.
constexpr int kMaxRefusedConnections = 64;
constexpr absl::Duration kAcceptPause = absl::Milliseconds(50);  // After an error such as too many open files.
constexpr absl::Duration kStopPoll = absl::Milliseconds(5);

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, HttpHandler handler)
      : state_(std::move(options), std::move(handler)), acceptor_(state_.io), timer_(state_.io) {}

  absl::Status Bind() {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(state_.options.host, error);
    if (error) return absl::InvalidArgumentError(absl::StrCat("\"", state_.options.host, "\" is not an IP address"));
    const tcp::endpoint endpoint(address, state_.options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", state_.options.host, ":", state_.options.port, ": ", error.message()));
    }
    port_ = acceptor_.local_endpoint().port();
    return absl::OkStatus();
  }

  void Run() {
    Accept();
    thread_ = std::thread([this] { state_.io.run(); });
  }

  uint16_t port() const { return port_; }

  void Stop(absl::Time deadline) {
    if (!thread_.joinable()) return;
    boost::asio::post(state_.io, [this, deadline] {
      state_.stopping = true;
      boost::system::error_code ignored;
      acceptor_.close(ignored);
      ForEachSession([](HttpSession* session) { session->EndIdle(); });
      AwaitLastSession(deadline);
    });
    // The workers outlive the I/O thread, so a handler that still runs may post its answer; nobody sends it any more.
    thread_.join();
    state_.workers.join();
  }

 private:
  void Accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return PauseAccepting();
      if (static_cast<int>(state_.sessions.size()) < state_.options.max_connections + kMaxRefusedConnections) {
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        auto session = std::make_shared<HttpSession>(&state_, std::move(socket));
        MakeRoomFor(*session) ? session->Run() : session->Refuse();
      }
      Accept();
    });
  }

  // Whether `session`, which is counted already, fits into both limits; an idle one is closed for it if need be.
  bool MakeRoomFor(const HttpSession& session) {
    const HttpServerOptions& options = state_.options;
    const bool is_proxy = options.trusted_proxies.Trusts(session.peer());
    return (is_proxy || MakeRoom(options.max_connections_per_address, &session.client_key())) &&
           MakeRoom(options.max_connections, nullptr);
  }

  // Of one client, or of all where `client` is null. The sessions are few enough to be looked at one by one.
  bool MakeRoom(int limit, const std::string* client) {
    int open = 0;
    HttpSession* longest_idle = nullptr;
    for (HttpSession* session : state_.sessions) {
      if (session->is_closed() || (client != nullptr && session->client_key() != *client)) continue;
      ++open;
      const std::optional<absl::Time> since = session->idle_since();
      if (since.has_value() && (longest_idle == nullptr || *since < *longest_idle->idle_since())) {
        longest_idle = session;
      }
    }
    if (open <= limit) return true;
    if (longest_idle == nullptr) return false;
    longest_idle->EndIdle();
    return true;
  }

  void PauseAccepting() {
    timer_.expires_after(absl::ToChronoNanoseconds(kAcceptPause));
    timer_.async_wait([this](boost::system::error_code) {
      if (acceptor_.is_open()) Accept();
    });
  }

  // Sessions leave the set when they end, so the loop runs over a copy.
  template <typename Visit>
  void ForEachSession(Visit visit) {
    const std::vector<HttpSession*> sessions(state_.sessions.begin(), state_.sessions.end());
    for (HttpSession* session : sessions) {
      if (state_.sessions.contains(session)) visit(session);
    }
  }

  void AwaitLastSession(absl::Time deadline) {
    if (state_.sessions.empty() || absl::Now() >= deadline) {
      ForEachSession([](HttpSession* session) { session->Cut(); });
      state_.io.stop();
      return;
    }
    timer_.expires_after(absl::ToChronoNanoseconds(kStopPoll));
    timer_.async_wait([this, deadline](boost::system::error_code) { AwaitLastSession(deadline); });
  }

  HttpServerState state_;
  tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  std::thread thread_;
  uint16_t port_ = 0;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(absl::Now()); }

uint16_t HttpServer::port() const { return impl_->port(); }

void HttpServer::Stop(absl::Time deadline) { impl_->Stop(deadline); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options, HttpHandler handler) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (absl::Status status = impl->Bind(); !status.ok()) return status;
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

}  // namespace countersign::link::web
