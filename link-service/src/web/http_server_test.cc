#include "link-service/src/web/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/text.h"
#include "link-service/src/web/order_forms.h"
#include "link-service/src/web/raw_http_client_for_test.h"

namespace countersign::link::web {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::unique_ptr<HttpServer> Serve(HttpHandler handler, HttpServerOptions options = {}) {
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(std::move(options), std::move(handler));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

// Answers with what it was asked.
HttpResponse Echo(const HttpRequest& request) {
  return HtmlResponse(200,
                      absl::StrCat(request.path, "|", request.query, "|", request.body, "|", request.peer_address));
}

std::string Ask(const HttpServer& server, absl::string_view request) {
  RawClient client(server.port());
  client.Send(request);
  return client.ReadAll();
}

std::string Get(absl::string_view path) {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

std::string Post(absl::string_view body, absl::string_view headers = "") {
  return absl::StrCat("POST /l/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ", body.size(), "\r\n",
                      headers, "\r\n", body);
}

TEST(HttpServerTest, AnswersGetAndPost) {
  const auto server = Serve(Echo);
  const std::string got = Ask(*server, "GET /l/1?a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(got, EndsWith("\r\n\r\n/l/1|a=b||127.0.0.1"));
  EXPECT_THAT(Ask(*server, Post("hello")), EndsWith("/l/1||hello|127.0.0.1"));
}

TEST(HttpServerTest, HeadHasTheLengthButNoBody) {
  const auto server = Serve(Echo);
  const std::string head = Ask(*server, "HEAD /l/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 16\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST(HttpServerTest, HeadHasNoBodyEvenWhenItIsRefused) {
  HttpServerOptions options;
  options.max_body_bytes = 4;
  const auto server = Serve(Echo, options);
  const std::string head = Ask(*server, "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST(HttpServerTest, AnswersSeveralRequestsOnOneConnection) {
  const auto server = Serve(Echo);
  RawClient client(server->port());
  client.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("127.0.0.1"), HasSubstr("/a|||"));
  // Pipelined: both before either answer.
  client.Send("GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string rest = client.ReadAll();
  EXPECT_THAT(rest, HasSubstr("/b|||"));
  EXPECT_THAT(rest, HasSubstr("/c|||"));
}

TEST(HttpServerTest, AcceptsAJapaneseFormOfMoreThan8KiB) {
  ConfirmSubmission submission;
  const auto server = Serve([&](const HttpRequest& request) {
    const absl::StatusOr<Form> form = Form::Parse(request.headers.Get("Content-Type"), request.body);
    if (form.ok()) submission = ReadConfirmForm(*form);
    return HtmlResponse(form.ok() ? 200 : 400, "");
  });
  const auto text = [](int characters) {
    std::string encoded;
    for (int i = 0; i < characters; ++i) encoded += "%E5%B1%B1";
    return encoded;
  };
  const std::string body =
      absl::StrCat("action=confirm&company_name=", text(200), "&contact_email=a%40example.jp&address=", text(200),
                   "%0D%0A", text(200), "%0D%0A", text(200), "&city=", text(100), "&region=", text(100),
                   "&postal_code=100-0001&country=JP&confirmer_name=", text(200), "&confirmer_title=", text(100),
                   "&confirmer_email=a%40example.jp&agreement=accepted&revision=1&content_hash=", std::string(64, 'a'));
  ASSERT_GT(body.size(), 8u * 1024);
  EXPECT_THAT(Ask(*server, Post(body, "Content-Type: application/x-www-form-urlencoded\r\n")),
              StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(submission.ok());
  EXPECT_EQ(CheckText(submission.form.company_name, TextShape::kLine).characters, 200);
  EXPECT_EQ(submission.form.address_lines.size(), 3u);
}

// The drip client sends one byte at a time for as long as it is listened to. Only a deadline over the whole request
// ends this loop: a timeout per read never would.
TEST(HttpServerTest, CutsOffAClientThatDripsItsRequest) {
  HttpServerOptions options;
  options.receive_timeout = absl::Milliseconds(200);
  options.worker_threads = 1;
  const auto server = Serve(Echo, options);
  for (const char* beginning :
       {"GET / HTTP/1.1\r\nX-Drip: ", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"}) {
    RawClient client(server->port());
    ASSERT_TRUE(client.Send(beginning));
    EXPECT_THAT(Ask(*server, Post("not held up")), HasSubstr("not held up"));
    while (!client.ClosedWithin(absl::Milliseconds(5)) && client.Send("a")) {
    }
    EXPECT_EQ(client.ReadAll(), "");
  }
}

TEST(HttpServerTest, ClosesAConnectionThatStaysIdle) {
  HttpServerOptions options;
  options.keep_alive_idle = absl::Milliseconds(100);
  const auto server = Serve(Echo, options);
  RawClient silent(server->port());
  EXPECT_EQ(silent.ReadAll(), "");
  RawClient client(server->port());
  client.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST(HttpServerTest, RefusesABodyOverTheLimit) {
  HttpServerOptions options;
  options.max_body_bytes = 1000;
  const auto server = Serve(Echo, options);
  EXPECT_THAT(Ask(*server, Post(std::string(1000, 'b'))), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(*server, Post(std::string(1001, 'b'))), StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
  const std::string chunked = absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
                                           std::string(1001, 'b'), "\r\n0\r\n\r\n");
  EXPECT_THAT(Ask(*server, chunked), StartsWith("HTTP/1.1 413"));
}

TEST(HttpServerTest, TellsAClientThatSendsTenMegabytesWhy) {
  const auto server = Serve(Echo);
  EXPECT_THAT(Ask(*server, Post(std::string(10 * 1024 * 1024, 'b'))), StartsWith("HTTP/1.1 413"));
}

TEST(HttpServerTest, RefusesHeadersOverTheLimit) {
  const auto server = Serve(Echo);
  const std::string request =
      absl::StrCat("GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", std::string(17 * 1024, 'h'), "\r\n\r\n");
  EXPECT_THAT(Ask(*server, request), StartsWith("HTTP/1.1 431 "));
}

TEST(HttpServerTest, ReadsAThousandShortHeadersAndRefusesThemOverTheLimit) {
  const auto server = Serve(Echo);
  const auto request = [](int headers) {
    std::string text = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    for (int i = 0; i < headers; ++i) absl::StrAppend(&text, "X-", i, ": a\r\n");
    return absl::StrCat(text, "\r\n");
  };
  EXPECT_THAT(Ask(*server, request(1000)), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Ask(*server, request(3000)), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(Ask(*server, request(0)), StartsWith("HTTP/1.1 200 ")) << "it still serves";
}

TEST(HttpServerTest, RefusesOtherMethodsAndNamesThoseAllowed) {
  const auto server = Serve(Echo);
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"}) {
    const std::string answer = Ask(*server, absl::StrCat(method, " / HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n")) << method;
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD, POST\r\n")) << method;
  }
}

TEST(HttpServerTest, AnswersWhatIsNotHttpWith400) {
  const auto server = Serve(Echo);
  for (const char* request :
       {"hello\r\n\r\n", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "\x16\x03\x01\x02 TLS\r\n\r\n"}) {
    EXPECT_THAT(Ask(*server, request), StartsWith("HTTP/1.1 400")) << request;
  }
}

TEST(HttpServerTest, InvitesTheBodyThatAClientHoldsBack) {
  const auto server = Serve(Echo);
  RawClient client(server->port());
  client.Send(
      "POST /l/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  client.Send("ok");
  EXPECT_THAT(client.ReadAll(), HasSubstr("|ok|"));
}

TEST(HttpServerTest, AnswersAThrowingHandlerWith500AndATraceId) {
  HttpServerOptions options;
  std::string logged;
  options.on_handler_exception = [&](absl::string_view trace_id, absl::string_view what) {
    logged = absl::StrCat(trace_id, " ", what);
  };
  std::string trace_id;
  const auto server = Serve(
      [&](const HttpRequest& request) -> HttpResponse {
        trace_id = request.trace_id;
        throw std::runtime_error("internal text");
      },
      options);
  const std::string answer = Ask(*server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, HasSubstr(trace_id));
  EXPECT_THAT(answer, Not(HasSubstr("internal text")));
  EXPECT_EQ(logged, trace_id + " internal text");
  EXPECT_EQ(trace_id.size(), 32u);
}

TEST(HttpServerTest, BelievesForwardedAddressesOfTrustedProxiesOnly) {
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 198.51.100.9\r\n\r\n";
  EXPECT_THAT(Ask(*Serve(Echo), request), EndsWith("|127.0.0.1"));
  HttpServerOptions options;
  options.trusted_proxies = *TrustedProxies::Parse({"127.0.0.0/8"});
  EXPECT_THAT(Ask(*Serve(Echo, options), request), EndsWith("|198.51.100.9"));
}

// Holds requests to "/slow" until it is told to let go.
class SlowEcho {
 public:
  HttpResponse operator()(const HttpRequest& request) {
    if (request.path == "/slow") release.WaitForNotification();
    return Echo(request);
  }
  absl::Notification release;
};

TEST(HttpServerTest, RefusesConnectionsOverTheLimitWhileAllAreBusy) {
  SlowEcho slow;
  HttpServerOptions options;
  options.max_connections = 1;
  const auto server = Serve(std::ref(slow), options);
  RawClient first(server->port());
  first.Send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::string refused;
  while (!absl::StartsWith(refused, "HTTP/1.1 503")) refused = Ask(*server, Get("/second"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 5\r\n"));
  slow.release.Notify();
  EXPECT_THAT(first.ReadAll(), HasSubstr("/slow"));
}

TEST(HttpServerTest, ClosesTheLongestIdleConnectionForANewOne) {
  HttpServerOptions options;
  options.max_connections = 3;
  const auto server = Serve(Echo, options);
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 10; ++i) silent.push_back(std::make_unique<RawClient>(server->port()));
  EXPECT_THAT(Ask(*server, Get("/new")), StartsWith("HTTP/1.1 200"));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(silent[i]->ReadAll(), "") << i;
  EXPECT_FALSE(silent[9]->ClosedWithin(absl::ZeroDuration()));
}

TEST(HttpServerTest, LetsOneAddressHaveOnlyItsShareOfTheConnections) {
  SlowEcho slow;
  HttpServerOptions options;
  options.max_connections = 10;
  options.max_connections_per_address = 2;
  const auto server = Serve(std::ref(slow), options);
  std::vector<std::unique_ptr<RawClient>> busy;
  for (int i = 0; i < 2; ++i) {
    busy.push_back(std::make_unique<RawClient>(server->port()));
    busy.back()->Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  std::string refused;
  while (!absl::StartsWith(refused, "HTTP/1.1 503")) refused = Ask(*server, Get("/third"));
  RawClient other(server->port(), "127.0.0.2");
  other.Send(Get("/other"));
  EXPECT_THAT(other.ReadAll(), StartsWith("HTTP/1.1 200"));
  slow.release.Notify();
}

TEST(HttpServerTest, CountsNoTrustedProxyAsOneClient) {
  SlowEcho slow;
  HttpServerOptions options;
  options.max_connections_per_address = 1;
  options.trusted_proxies = *TrustedProxies::Parse({"127.0.0.0/8"});
  const auto server = Serve(std::ref(slow), options);
  std::vector<std::unique_ptr<RawClient>> busy;
  for (int i = 0; i < 3; ++i) {
    busy.push_back(std::make_unique<RawClient>(server->port()));
    busy.back()->Send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }
  EXPECT_THAT(Ask(*server, Get("/fourth")), StartsWith("HTTP/1.1 200"));
  slow.release.Notify();
  for (const auto& client : busy) EXPECT_THAT(client->ReadAll(), StartsWith("HTTP/1.1 200"));
}

TEST(HttpServerTest, RefusesRequestsWhenAllWorkersAreBusyAndTheQueueIsFull) {
  HttpServerOptions options;
  options.worker_threads = 1;
  options.max_waiting_requests = 0;
  absl::Notification started, release;
  const auto server = Serve(
      [&](const HttpRequest& request) {
        started.Notify();
        release.WaitForNotification();
        return Echo(request);
      },
      options);
  RawClient first(server->port());
  first.Send("GET /first HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  started.WaitForNotification();
  EXPECT_THAT(Ask(*server, "GET /second HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 503"));
  release.Notify();
  EXPECT_THAT(first.ReadAll(), HasSubstr("/first"));
}

TEST(HttpServerTest, StopLetsARequestInProgressFinishAndClosesIdleConnections) {
  absl::Notification started, release;
  const auto server = Serve([&](const HttpRequest& request) {
    if (request.path == "/slow") {
      started.Notify();
      release.WaitForNotification();
    }
    return Echo(request);
  });
  RawClient idle(server->port());
  idle.Send("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.ReadUntil("127.0.0.1");
  RawClient slow(server->port());
  slow.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  started.WaitForNotification();
  std::thread stop([&] { server->Stop(absl::Now() + absl::Minutes(1)); });
  EXPECT_EQ(idle.ReadAll(), "");
  release.Notify();
  const std::string answer = slow.ReadAll();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, HasSubstr("/slow"));
  stop.join();
}

TEST(HttpServerTest, StopCutsWhatIsNotDoneByTheDeadline) {
  auto server = Serve(Echo);
  RawClient half(server->port());
  half.Send("GET /half HTTP/1.1\r\n");
  server->Stop(absl::Now());
  EXPECT_EQ(half.ReadAll(), "");
  server->Stop(absl::Now());  // Again is harmless.
}

TEST(HttpServerTest, SurvivesClientsThatVanish) {
  const auto server = Serve(Echo);
  for (int i = 0; i < 50; ++i) {
    RawClient client(server->port());
    client.Send(i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: x\r\n\r\n" : "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
  }
  EXPECT_THAT(Ask(*server, Post("alive")), HasSubstr("|alive|"));
}

TEST(HttpServerTest, ReportsAHostOrPortThatCannotBeBound) {
  HttpServerOptions options;
  options.host = "localhost.example";
  EXPECT_EQ(HttpServer::Start(options, Echo).status().code(), absl::StatusCode::kInvalidArgument);
  options.host = "192.0.2.1";  // Documentation range: never an address of this machine.
  EXPECT_EQ(HttpServer::Start(options, Echo).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace countersign::link::web
