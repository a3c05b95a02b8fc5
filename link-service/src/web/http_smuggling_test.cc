// Two requests in bytes that a front may have taken for one (RFC 9112, section 11.2): only what everybody reads alike
// is answered, and what follows anything else is never read as a request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "link-service/src/web/http_server.h"
#include "link-service/src/web/raw_http_client_for_test.h"

namespace countersign::link::web {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr absl::string_view kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

// Answers with what it was asked; does not take what is sent to "/bad".
HttpResponse Echo(const HttpRequest& request) {
  return HtmlResponse(request.path == "/bad" ? 422 : 200,
                      absl::StrCat(request.path, "|", request.body, "|", request.peer_address, "|",
                                   request.headers.Get("X-Evil"), "|"));
}

std::string Ask(absl::string_view bytes, HttpServerOptions options = {}) {
  const auto server = *HttpServer::Start(std::move(options), Echo);
  RawClient client(server->port());
  client.Send(bytes);
  return client.ReadAll();
}

std::string Post(absl::string_view path, absl::string_view fields, absl::string_view body) {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: x\r\n", fields, "\r\n", body);
}

TEST(HttpSmugglingTest, NeverReadsOnAfterATransferEncodingThatItDoesNotKnow) {
  for (const char* fields :
       {"Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    const std::string answer = Ask(absl::StrCat(Post("/good", fields, "0\r\n\r\n"), kSmuggled));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 501 Not Implemented\r\n")) << fields;
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n")) << fields;
    EXPECT_THAT(answer, Not(HasSubstr("smuggled"))) << fields;
  }
}

TEST(HttpSmugglingTest, NeverReadsOnAfterAHeadThatCanBeReadInTwoWays) {
  for (const char* fields :
       {"Host: y\r\n", "X: a\r\n b\r\n", "Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length : 3\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "X: a\nContent-Length: 3\r\n"}) {
    const std::string answer = Ask(absl::StrCat(Post("/good", fields, "abc"), kSmuggled));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << fields;
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n")) << fields;
    EXPECT_THAT(answer, Not(HasSubstr("smuggled"))) << fields;
  }
}

TEST(HttpSmugglingTest, ClosesAfterAPostThatItDidNotTake) {
  const std::string answer = Ask(absl::StrCat(Post("/bad", "Content-Length: 3\r\n", "abc"), kSmuggled));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 422"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("smuggled")));
}

TEST(HttpSmugglingTest, TakesAChunkedBodyAndTheRequestAfterIt) {
  const std::string chunks = "3;name=value\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  const std::string next = "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string answer = Ask(absl::StrCat(Post("/good", "Transfer-Encoding: chunked\r\n", chunks), next));
  EXPECT_THAT(answer, HasSubstr("/good|abcde|"));
  EXPECT_THAT(answer, HasSubstr("/next||"));
}

TEST(HttpSmugglingTest, RefusesChunksThatCanBeReadInTwoWays) {
  for (const char* chunks :
       {"3\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n", "3;a\nb\r\nabc\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "\r\nabc\r\n0\r\n\r\n"}) {
    const std::string answer = Ask(absl::StrCat(Post("/good", "Transfer-Encoding: chunked\r\n", chunks), kSmuggled));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << chunks;
    EXPECT_THAT(answer, Not(HasSubstr("smuggled"))) << chunks;
  }
}

// A front passes trailers on as it got them: what it says itself in a header would be the client's.
TEST(HttpSmugglingTest, BelievesNoFieldsAfterTheBody) {
  HttpServerOptions options;
  options.trusted_proxies = *TrustedProxies::Parse({"127.0.0.0/8"});
  const std::string chunks = "3\r\nabc\r\n0\r\nX-Forwarded-For: 192.0.2.66\r\nX-Evil: yes\r\n\r\n";
  const std::string fields = "Connection: close\r\nX-Forwarded-For: 198.51.100.9\r\nTransfer-Encoding: chunked\r\n";
  EXPECT_THAT(Ask(Post("/good", fields, chunks), options), EndsWith("/good|abc|198.51.100.9||"));
}

TEST(HttpSmugglingTest, HoldsLittleOfALineBeforeAChunk) {
  const auto server = *HttpServer::Start({}, Echo);
  RawClient client(server->port());
  client.Send(Post("/good", "Transfer-Encoding: chunked\r\n", "3;a="));
  const std::string part(64 * 1024, 'a');
  int sent = 0;
  while (sent < 100 && !client.ClosedWithin(absl::ZeroDuration()) && client.Send(part)) ++sent;
  EXPECT_LT(sent, 100);
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 400"));
}

}  // namespace
}  // namespace countersign::link::web
