#include "link-service/src/web/http_head.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace countersign::link::web {
namespace {

constexpr int kMax = 1'000;

// 200 for a good head, 0 for an incomplete one, else the refusal's status.
int StatusOf(absl::string_view head) {
  HeadReader reader(kMax);
  const HeadResult result = reader.Read(head);
  return result == HeadResult::kGood ? 200 : reader.status();
}

int StatusOfFields(absl::string_view fields) {
  return StatusOf(absl::StrCat("POST /c/1 HTTP/1.1\r\n", fields, "\r\n"));
}

TEST(HeadReaderTest, TakesWhatClientsSend) {
  EXPECT_EQ(StatusOfFields("Host: pay.example\r\n"), 200);
  EXPECT_EQ(StatusOfFields("Host: pay.example:8443\r\nContent-Length: 12\r\n"), 200);
  EXPECT_EQ(StatusOfFields("HOST:[2001:db8::1]:443\r\ntransfer-encoding: Chunked \r\nX: \"t\tab\" \xe5\xb1\xb1\r\n"),
            200);
  EXPECT_EQ(StatusOf("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(StatusOf("GET /c/1?a=b%20|c HTTP/1.1\r\nHost: x\r\n\r\nwhat follows is another's"), 200);
}

TEST(HeadReaderTest, RefusesWhatAnotherMightReadOtherwise) {
  for (const char* fields : {
           "",                        // No Host.
           "Host: a\r\nHost: a\r\n",  // RFC 9112, 3.2
           "Host: a, b\r\n",
           "Host: a b\r\n",
           "Host: http://a\r\n",
           "Host: a:80a\r\n",
           "Host: [::1\r\n",
           "Host: \r\n",
           "Host: a\nX: b\r\n",  // 2.2
           "Host: a\rX: b\r\n",
           " Host: a\r\n",
           "Host : a\r\n",  // 5.1
           "Host: a\r\nX\r\n",
           "Host: a\r\n: b\r\n",
           "Host: a\r\nX: b\r\n c\r\n",  // 5.2
           "Host: a\r\nTransfer-Encoding:\r\n chunked\r\n",
           "Host: a\r\nX: \x01\r\n",
           "Host: a\r\nX\xc3\xa9: b\r\n",
           "Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",  // 6.3
           "Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
           "Host: a\r\nContent-Length: 5, 5\r\n",
           "Host: a\r\nContent-Length: +5\r\n",
           "Host: a\r\nContent-Length: 0x5\r\n",
           "Host: a\r\nContent-Length: 5 5\r\n",
           "Host: a\r\nContent-Length: \r\n",
           "Host: a\r\nContent-Length: 99999999999999999999\r\n",
       }) {
    EXPECT_EQ(StatusOfFields(fields),
              std::string(fields) == "Host: a\r\nTransfer-Encoding:\r\n chunked\r\n" ? 501 : 400)
        << fields;
  }
  for (const char* line : {"GET  / HTTP/1.1", "GET /\tHTTP/1.1", "GET /#f HTTP/1.1", "GET / HTTP/1.2", "GET / HTTP/2.0",
                           "GET / http/1.1", "GET /", "G@T / HTTP/1.1", "", "GET / HTTP/1.1 ", "GET /a b HTTP/1.1"}) {
    EXPECT_EQ(StatusOf(absl::StrCat(line, "\r\nHost: a\r\n\r\n")), 400) << line;
  }
  EXPECT_EQ(StatusOf("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(HeadReaderTest, KnowsOneTransferEncodingOnly) {
  for (const char* encoding :
       {"gzip", "gzip, chunked", "chunked, chunked", "chunked, identity", "identity", "xchunked", "chunked;q=1",
        "\x0b"
        "chunked",
        "", "\"chunked\""}) {
    EXPECT_NE(StatusOfFields(absl::StrCat("Host: a\r\nTransfer-Encoding: ", encoding, "\r\n")), 200) << encoding;
  }
  EXPECT_EQ(StatusOfFields("Host: a\r\nTransfer-Encoding: gzip\r\n"), 501);
  EXPECT_EQ(StatusOfFields("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 501);
  EXPECT_EQ(StatusOfFields("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 501);
}

TEST(HeadReaderTest, ReadsAHeadThatComesInPieces) {
  const std::string head = "POST /c/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
  HeadReader reader(kMax);
  for (size_t bytes = 0; bytes < head.size(); ++bytes) {
    ASSERT_EQ(reader.Read(absl::string_view(head).substr(0, bytes)), HeadResult::kIncomplete) << bytes;
  }
  EXPECT_EQ(reader.Read(head), HeadResult::kGood);
}

TEST(HeadReaderTest, RefusesAHeadThatIsTooLongOrNone) {
  EXPECT_EQ(StatusOf(absl::StrCat("GET /", std::string(kMax, 'a'))), 431);
  EXPECT_EQ(StatusOfFields(absl::StrCat("Host: a\r\nX: ", std::string(kMax, 'a'))), 431);
  EXPECT_EQ(StatusOf("\x16\x03\x01\x02"), 400);
}

}  // namespace
}  // namespace countersign::link::web
