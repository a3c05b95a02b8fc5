#include "common/mysql/server_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;

TEST(ServerUrlTest, TakesAFullUrlApart) {
  ASSERT_OK_AND_ASSIGN(const ServerUrl server, ParseServerUrl("mysql://app:p%40ss%3Aword%2F@db.example:3307/orders_1"));
  EXPECT_EQ(server.user, "app");
  EXPECT_EQ(server.password, "p@ss:word/");
  EXPECT_EQ(server.host, "db.example");
  EXPECT_EQ(server.port, 3307);
  EXPECT_EQ(server.schema, "orders_1");
}

TEST(ServerUrlTest, PortPasswordAndSchemaMayBeLeftOut) {
  ASSERT_OK_AND_ASSIGN(const ServerUrl server, ParseServerUrl("mysql://root@127.0.0.1"));
  EXPECT_EQ(server.password, "");
  EXPECT_EQ(server.port, 3306);
  EXPECT_EQ(server.schema, "");
}

TEST(ServerUrlTest, TakesAnIpv6AddressInBrackets) {
  ASSERT_OK_AND_ASSIGN(const ServerUrl server, ParseServerUrl("mysql://root@[::1]:13306/x"));
  EXPECT_EQ(server.host, "::1");
  EXPECT_EQ(server.port, 13306);
}

TEST(ServerUrlTest, NamesSeveralServersOfOneDatabase) {
  ASSERT_OK_AND_ASSIGN(const auto servers, ParseServerUrls("mysql://app:p%2Cw@db-0,db-1:3307,[::1]:3308/orders"));
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_EQ(servers[0].host, "db-0");
  EXPECT_EQ(servers[0].port, 3306);
  EXPECT_EQ(servers[1].host, "db-1");
  EXPECT_EQ(servers[1].port, 3307);
  EXPECT_EQ(servers[2].host, "::1");
  for (const ServerUrl& server : servers) {
    EXPECT_EQ(server.user, "app");
    EXPECT_EQ(server.password, "p,w");
    EXPECT_EQ(server.schema, "orders");
  }
  for (const char* url : {"mysql://app@db-0,/x", "mysql://app@,db-1", "mysql://app@db-0:1,db-1:70000"}) {
    EXPECT_THAT(ParseServerUrls(url).status(), HasReason("INVALID_DATABASE_URL")) << url;
  }
}

TEST(ServerUrlTest, RefusesMalformedUrlsWithoutRepeatingThem) {
  for (const char* url :
       {"", "root@host", "http://root:hunter2@host", "mysql://host:3306", "mysql://root:hunter2@",
        "mysql://:hunter2@host", "mysql://root:hunter2@host:0", "mysql://root:hunter2@host:65536",
        "mysql://root:hunter2@host:port", "mysql://root:hunter2@[::1", "mysql://root:hunter2@host/a-b",
        "mysql://root:hunter2@host/a?x=y", "mysql://root:hunter2%zz@host", "mysql://root:hunter2%4@h"}) {
    const absl::Status status = ParseServerUrl(url).status();
    EXPECT_THAT(status, HasReason("INVALID_DATABASE_URL")) << url;
    EXPECT_THAT(status.ToString(), ::testing::Not(::testing::HasSubstr("hunter2")));
  }
}

TEST(ServerUrlTest, ThePasswordFileWinsAndOnlyItsFirstLineCounts) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/password");
  std::ofstream(path) << "from file\r\nsecond line\n";
  ASSERT_OK_AND_ASSIGN(const ServerUrl server, ServerOf({.url = "mysql://app:from_url@host", .password_file = path}));
  EXPECT_EQ(server.password, "from file");
  std::remove(path.c_str());
  EXPECT_THAT(ServerOf({.url = "mysql://app@host", .password_file = path}), HasReason("INVALID_PASSWORD_FILE"));
}

TEST(ServerUrlTest, OnlyAServerOnThisMachineIsSpokenToInClearText) {
  const DatabaseOptions clear;
  DatabaseOptions tls;
  tls.ca_file = "ca.pem";
  ServerUrl server;
  for (const char* host : {"127.0.0.1", "127.8.9.10", "::1", "localhost", "LocalHost"}) {
    server.host = host;
    EXPECT_OK(RequireTlsUnlessLoopback(server, clear)) << host;
  }
  for (const char* host :
       {"10.0.0.1", "::", "0.0.0.0", "127.0.0.1.example.com", "::ffff:10.0.0.1", "db", "localhost.db"}) {
    server.host = host;
    const absl::Status status = RequireTlsUnlessLoopback(server, clear);
    EXPECT_THAT(status, HasReason("DATABASE_TLS_REQUIRED")) << host;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("--database_ca_file"));
    EXPECT_OK(RequireTlsUnlessLoopback(server, tls)) << host;
  }
}

TEST(ServerUrlTest, ReplacesTheSchema) {
  EXPECT_EQ(WithSchema("mysql://root@host:1/old", "new"), "mysql://root@host:1/new");
  EXPECT_EQ(WithSchema("mysql://root@host:1", "new"), "mysql://root@host:1/new");
  EXPECT_EQ(WithSchema("mysql://root@host:1/old", ""), "mysql://root@host:1");
}

TEST(ServerUrlTest, QuotesWhatWouldEndALiteral) {
  EXPECT_EQ(QuoteLiteral("a'b\\c"), "'a\\'b\\\\c'");
  EXPECT_EQ(QuoteLiteral(std::string("\0", 1)), "'\\0'");
}

}  // namespace
}  // namespace countersign::mysql
